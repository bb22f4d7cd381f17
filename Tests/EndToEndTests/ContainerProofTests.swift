import Foundation
import GatehouseCore
import Testing

/// The steps of deploy/Containerfile in a root of Debian that debootstrap makes, and the image's command as its user.
/// No container engine runs.
@Suite(
    .timeLimit(.minutes(20)),
    .enabled(if: ProcessInfo.processInfo.environment["PROVE"] != nil, "make prove runs these"))
struct ContainerProofTests {
    /// One instruction of a file, its lines joined.
    private static func instructions() throws -> [(word: String, rest: String)] {
        let path = Page.root.appending(path: "deploy/Containerfile")
        return try String(contentsOf: path, encoding: .utf8).replacing("\\\n", with: " ").split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return (String(parts[0]), String(parts.last ?? ""))
            }
    }

    /// The words of `["gatehouse", "serve"]`.
    private static func words(_ rest: String) throws -> String {
        let items = try JSONParser.parse(Array(rest.utf8)).items ?? []
        return items.compactMap { $0.text.map { "'\($0)'" } }.joined(separator: " ")
    }

    /// The last stage as a script: `$root` is the image, `$1` the binary that the first stage builds.
    private static func script() throws -> (make: String, start: String, probe: String) {
        var make: [String] = []
        var (user, folder, variables, entry, command, probe) = ("", "/", "", "", "", "")
        let all = try instructions()
        let last = try #require(all.lastIndex { $0.word == "FROM" })
        for (word, rest) in all[(last + 1)...] {
            switch word {
            case "RUN": make.append("chroot \"$root\" sh -ec '\(rest)'")
            case "COPY":
                let places = rest.split(separator: " ")
                try #require(places.count == 3 && places[1] == "/src/.build/release/gatehouse")
                make.append("install -m 755 \"$1\" \"$root\(places[2])\"")
            case "USER": user = rest
            case "WORKDIR": folder = rest
            case "ENV": variables = rest
            case "ENTRYPOINT": entry = try words(rest)
            case "CMD": command = try words(rest)
            case "HEALTHCHECK": probe = try words(String(rest.split(separator: "CMD ").last ?? ""))
            case "VOLUME", "EXPOSE", "STOPSIGNAL": break
            default: throw TestFailure("the proof knows no \(word)")
            }
        }
        let inside = "chroot --userspec=\(user) \"$root\" env -i PATH=/usr/local/bin:/usr/bin:/bin \(variables) sh -c"
        let start = "\(inside) \"cd \(folder) && exec \(entry) \(command)\""
        return (make.joined(separator: "\n"), start, "\(inside) \"\(probe)\"")
    }

    @Test func theStepsOfTheImageRunAndItsCommandServes() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "image-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (make, start, probe) = try Self.script()
        let prepare = """
            set -e; root=$2
            debootstrap --variant=minbase bookworm "$root" > "$2.log" 2>&1
            mount -t proc proc "$root/proc"
            \(make)
            """
        let serve = """
            set -e; root=$2; ip link set lo up; mount -t proc proc "$root/proc"
            \(start) > "$2.log" 2>&1 &
            \(probe)
            inside="chroot $root env GATEHOUSE_KEY=$(cat "$root/var/lib/gatehouse/gatehouse.db.key")"
            $inside gatehouse organizations create Acme --id acme
            chroot --userspec=gatehouse "$root" gatehouse store backup /var/lib/gatehouse/backup.db \\
              --store sqlite:/var/lib/gatehouse/gatehouse.db
            $inside gatehouse status
            """
        let root = folder.appending(path: "root").path
        let binary = Page.root.appending(path: ".build/release/gatehouse").path
        let made = try await run("unshare", ["--mount", "sh", "-c", prepare, "sh", binary, root])
        #expect(made.code == 0, "\(made.output.suffix(4_000))")
        let own = ["--net", "--pid", "--fork", "--kill-child", "--mount"]
        let served = try await run("unshare", own + ["sh", "-c", serve, "sh", binary, root])
        let log = (try? String(contentsOfFile: root + ".log", encoding: .utf8)) ?? ""
        #expect(served.code == 0, "\(served.output)\n\(log.suffix(2_000))")
        #expect(served.output.contains("nothing needs attention") && served.output.contains("sound"))
        #expect(log.contains("listening on http://0.0.0.0:8080"), "\(log)")
        try FileManager.default.removeItem(at: folder)
    }

    /// What the first stage installs is what the Makefile builds with.
    @Test func theFirstStageInstallsWhatTheBuildNeeds() throws {
        let makefile = try String(contentsOf: Page.root.appending(path: "Makefile"), encoding: .utf8)
        let needed = try #require(makefile.firstMatch(of: /to_build := (.*)/)).1.split(separator: " ")
        let first = try #require(try Self.instructions().first { $0.word == "RUN" }).rest
        for package in needed + ["make"] { #expect(first.split(separator: " ").contains(package), "\(package)") }
    }
}
