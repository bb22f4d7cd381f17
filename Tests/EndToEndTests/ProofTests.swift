import Foundation
import GatehouseCore
import Testing

/// Proofs that need programs which `make test` does not install, or minutes: `make prove` installs and runs them.
@Suite(
    .serialized, .timeLimit(.minutes(20)),
    .enabled(if: ProcessInfo.processInfo.environment["PROVE"] != nil, "make prove runs these"))
struct ProofTests {
    private static let deploy = Page.root.appending(path: "deploy")

    @Test func promtoolTakesTheRulesAndTheirTests() async throws {
        let rules = Self.deploy.appending(path: "prometheus").path
        let checked = try await run("promtool", ["check", "rules", rules + "/alerts.yml"])
        #expect(checked.code == 0, "\(checked.output)")
        let tested = try await run("promtool", ["test", "rules", rules + "/alerts_test.yml"])
        #expect(tested.code == 0, "\(tested.output)")
    }

    /// From an alarm whose receiver refuses it to the alert in a real Prometheus, and out again once it is cancelled.
    @Test func anAlarmThatIsGivenUpFiresInPrometheus() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver, terms: #","retries":[1]"#)
            receiver.answer(500)
            let prometheus = try await Prometheus(watching: gateway)
            try await eventually("Prometheus reads the rules") {
                try await prometheus.get("/api/v1/rules").contains("GatehouseAlarmGivenUp")
            }
            try await building.source.post("/v1/events", Building.event("a1", kind: "door.forced"))
            try await eventually(within: .seconds(60), "the alert fires") {
                try await prometheus.firing().contains("GatehouseAlarmGivenUp")
            }
            let cancelled = try await building.curl.post(
                "/v1/deliveries/retry", #"{"subscription":"\#(building.subscription)"}"#)
            #expect(cancelled.status < 300, "\(cancelled.text)")
            receiver.answer(204)
            try await eventually(within: .seconds(60), "the alert ends once it is taken") {
                try await !prometheus.firing().contains("GatehouseAlarmGivenUp")
            }
            await prometheus.end()
        }
    }

    @Test func systemdTakesTheUnits() async throws {
        let script = """
            mount -t tmpfs none /usr/local/bin && ln -s "$1" /usr/local/bin/gatehouse || exit 99
            for unit in "$2"/*.service "$2"/*.timer; do
              told=$(systemd-analyze verify --man=no "$unit" 2>&1) || { echo "$told"; exit 1; }
              # A key that it does not know is ignored with a word, and so is the protection that was meant.
              ! echo "$told" | grep "${unit##*/}" || exit 2
            done
            systemd-analyze security --offline=true --threshold=15 "$2/gatehouse.service"
            """
        let told = try await run(
            "unshare", ["--mount", "sh", "-c", script, "sh", GatewayProcess.built("gatehouse").path, Self.deploy.path])
        #expect(told.code == 0, "\(told.output)")
        #expect(told.output.contains("Overall exposure level"))
    }

    /// Every system call of a gateway that does everything in the README and its pages is one that the unit allows.
    @Test func theUnitLetsThroughEverySystemCallOfTheGateway() async throws {
        let walk = try Walk()
        let serve = """
            mkdir -m 777 traced && cd traced
            export GATEHOUSE_ADMIN_KEY=change-me-to-something-long-and-random
            setpriv --reuid 65534 --regid 65534 --clear-groups strace -f -qq -o trace \
              ../.build/release/gatehouse serve --allow-targets 127.0.0.0/8
            """
        let blocks = try [serve + "\n"] + PageTests.storyCommands().dropFirst()
        try await walk.start(blocks, inBackground: [0])
        try await eventually(within: .seconds(240), "the walk comes to its end") { walk.isWalked || !walk.isRunning }
        let trace = try String(contentsOf: walk.folder.appending(path: "traced/trace"), encoding: .utf8)
        let used = Set(trace.matches(of: /(?m)^[0-9]+ +([a-z][a-z0-9_]*)\(/).map { String($0.1) })
        #expect(used.isSuperset(of: ["openat", "futex", "accept4", "connect"]), "\(used)\n\(walk.aside(0))")
        let unit = try Unit("deploy/gatehouse.service")
        let allowed = try await SystemCalls.allowed(by: unit)
        #expect(used.subtracting(allowed).isEmpty, "\(used.subtracting(allowed).sorted())")
        let families = Set(trace.matches(of: /socket\((AF_[A-Z0-9]+)/).map { String($0.1) })
        let named = unit.values("RestrictAddressFamilies").flatMap { $0.split(separator: " ").map(String.init) }
        #expect(families.contains("AF_INET") && families.isSubset(of: named), "\(families)")
        await walk.end()
    }

    @Test func theReleaseNeedsNothingBesideTheSystemsLibraries() async throws {
        let binary = Page.root.appending(path: ".build/release/gatehouse").path
        let told = try await run("ldd", [binary])
        let names = told.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
            .map { $0.trimmingCharacters(in: .whitespaces).split(separator: "/").last.map(String.init) ?? "" }
        let system = ["linux-vdso", "libc.", "libm.", "libstdc++.", "libgcc_s.", "ld-linux", "libdl.", "libpthread."]
        let further = names.filter { name in !system.contains { name.hasPrefix($0) } }
        #expect(told.code == 0 && further.isEmpty, "SQLite and zlib are inside: \(further)")
    }
}

/// The sets of system calls that systemd knows by name.
private enum SystemCalls {
    /// The system calls that a unit's filter allows.
    static func allowed(by unit: Unit) async throws -> Set<String> {
        let told = try await run("systemd-analyze", ["--no-pager", "syscall-filter"])
        var sets: [String: [String]] = [:]
        var name = ""
        for line in told.output.split(separator: "\n") {
            if line.hasPrefix("@") { name = String(line) }
            guard line.hasPrefix("    "), !line.contains("#") else { continue }
            sets[name, default: []].append(line.trimmingCharacters(in: .whitespaces))
        }
        func expand(_ name: String) -> Set<String> {
            guard name.hasPrefix("@") else { return [name] }
            return (sets[name] ?? []).reduce(into: []) { $0.formUnion(expand($1)) }
        }
        var allowed = expand("@default")
        for value in unit.values("SystemCallFilter") {
            let isRefusal = value.hasPrefix("~")
            for name in value.drop(while: { $0 == "~" }).split(separator: " ") {
                if isRefusal { allowed.subtract(expand(String(name))) } else { allowed.formUnion(expand(String(name))) }
            }
        }
        return allowed
    }
}

/// A real Prometheus with the rules of `deploy/`, reading a gateway every second.
private final class Prometheus {
    private let process = Process()
    private let folder: URL
    private let url: String

    init(watching gateway: GatewayProcess) async throws {
        folder = gateway.folder.appending(path: "prometheus")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let probe = Receiver()
        try await probe.start()
        url = "http://127.0.0.1:\(probe.port)"
        await probe.stop()
        let rules = Page.root.appending(path: "deploy/prometheus/alerts.yml").path
        try """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["\(rules)"]
        scrape_configs:
          - job_name: gatehouse
            authorization: {credentials: "\(GatewayProcess.adminKey)"}
            static_configs: [{targets: ["127.0.0.1:\(gateway.port)"]}]
        """.write(to: folder.appending(path: "prometheus.yml"), atomically: true, encoding: .utf8)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
            "--web.listen-address=\(url.dropFirst(7))", "--log.level=error",
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func get(_ path: String) async throws -> String {
        try await run("curl", ["-sS", "-m", "5", url + path]).output
    }

    /// The names of the alerts that fire.
    func firing() async throws -> Set<String> {
        let alerts = try JSONParser.parse(Array(await get("/api/v1/alerts").utf8))["data"]?["alerts"]?.items ?? []
        return Set(alerts.filter { $0["state"] == "firing" }.compactMap { $0["labels"]?["alertname"]?.text })
    }

    func end() async {
        process.terminate()
        while process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
    }
}
