import Foundation

/// Blocks of a page run as they stand, one after the other in one shell, in a network and a folder of their own.
///
/// The shell has a network namespace, so that the ports which a page names are free and nothing but the walk is
/// reached by them; and a process namespace, so that nothing outlives it. Where the system gives none, the ports of the
/// machine itself are used.
final class Walk {
    let folder: URL
    private let process = Process()
    private var output: URL { folder.appending(path: "walk.log") }

    /// Makes the folder of the walk, with the binary where `make build` leaves it and the project's `deploy` beside it.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "walk-\(UUID().uuidString)")
        let release = folder.appending(path: ".build/release")
        try FileManager.default.createDirectory(at: release, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: release.appending(path: "gatehouse"), withDestinationURL: GatewayProcess.built("gatehouse"))
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "deploy"), withDestinationURL: Page.root.appending(path: "deploy"))
        try Data().write(to: output)
    }

    /// Starts the shell on its way through the blocks.
    ///
    /// - Parameters:
    ///   - inBackground: the places of those blocks that a reader runs in another terminal.
    ///   - before: what the shell does before the first block.
    func start(_ blocks: [String], inBackground: Set<Int> = [], before: String = "") async throws {
        var lines = [before, "set -mE", #"trap 'echo "@@ failed with $? in block $block: $BASH_COMMAND"' ERR"#]
        for (place, block) in blocks.enumerated() {
            try Data(block.utf8).write(to: folder.appending(path: "block-\(place).sh"))
            let isAside = inBackground.contains(place)
            lines += ["block=\(place)", "source ./block-\(place).sh" + (isAside ? " > aside-\(place).log 2>&1 &" : "")]
        }
        lines += [
            "trap - ERR", "echo '@@ walked'",
            "for n in $(seq 900); do [ -e enough ] && break; sleep 0.1; done",
            #"for job in $(jobs -p); do kill -TERM -- "-$job"; done 2> /dev/null"#, "wait",
        ]
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "walk.sh"))
        let own = await Self.namespaces()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            own + ["bash", "--norc", "-c", "\(own.isEmpty ? "" : "ip link set lo up; ")source ./walk.sh"]
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder.path]
        process.currentDirectoryURL = folder
        let handle = try FileHandle(forWritingTo: output)
        (process.standardOutput, process.standardError) = (handle, handle)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// All output so far.
    var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Whether the shell has reached the end of the last block.
    var isWalked: Bool { text.contains("@@ walked") }

    /// The failed commands; a block that failed by its last command is not reported twice.
    var failures: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("@@ failed") && !$0.contains(": source ./block-") }
            .map(String.init)
    }

    /// The output of the blocks in another terminal.
    func aside(_ place: Int) -> String {
        (try? String(contentsOf: folder.appending(path: "aside-\(place).log"), encoding: .utf8)) ?? ""
    }

    /// Ends the shell's processes, and removes the folder.
    func end() async {
        try? Data().write(to: folder.appending(path: "enough"))
        for _ in 0..<1_000 where process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The command prefix that creates namespaces; empty if the system has none.
    private static func namespaces() async -> [String] {
        let own = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        for command in [["unshare"] + own, ["unshare", "--user", "--map-root-user"] + own] {
            let tried = try? await run("/usr/bin/env", command + ["ip", "link", "set", "lo", "up"])
            if tried?.code == 0 { return command }
        }
        return []
    }
}
