import Foundation
import GatehouseCore
import Testing

/// The messages of the commands if a gateway cannot be called: each cause has its own sentence that says what to do,
/// and no command waits without an end.
@Suite(.serialized, .timeLimit(.minutes(4))) struct CallerCauseTests {
    private func gatehouse(_ arguments: [String]) async throws -> (code: Int32, output: String, took: Duration) {
        let clock = ContinuousClock()
        let began = clock.now
        let ended = try await run(GatewayProcess.built("gatehouse").path, arguments)
        return (ended.code, ended.output, clock.now - began)
    }

    private static let key = ["--key", GatewayProcess.adminKey]

    // MARK: Silence

    /// One command of each way to call: a page, a list, a change, a test, a stream.
    @Test(arguments: [
        ["status"], ["doors", "list"], ["doors", "show", "lobby"], ["organizations", "create", "Acme"],
        ["subscriptions", "test", "s1"], ["deliveries", "retry", "--subscription", "s1"], ["events", "list"],
        ["send", "door.forced", "--organization", "acme"], ["audit", "verify"],
    ])
    func silentServerIsGivenUpInTime(arguments: [String]) async throws {
        let silent = try SilentListener()
        defer { silent.close() }
        let here = ["--url", "http://127.0.0.1:\(silent.port)", "--give-up-after", "1s"]
        let ended = try await gatehouse(arguments + here + Self.key)
        #expect(ended.code == 69, "\(ended.output)")
        #expect(ended.output.contains("no answer within 1 s"), "\(ended.output)")
        #expect(ended.took < .seconds(8), "\(ended.took)")
    }

    @Test func waitAsksAndDoesNotOnlyConnect() async throws {
        let silent = try SilentListener()
        defer { silent.close() }
        for address in ["\(silent.port)", "127.0.0.1:\(silent.port)", "http://127.0.0.1:\(silent.port)"] {
            let ended = try await gatehouse(["wait", address, "--for", "1s"])
            #expect(ended.code == 69 && ended.output.contains("sent no answer within 1s"), "\(ended.output)")
        }
        // One caller fills it; the system answers no other, like a firewall that drops packets.
        let full = try SilentListener(backlog: 0)
        defer { full.close() }
        let caller = try RawCaller(port: full.port)
        defer { caller.close() }
        let dropped = try await gatehouse(["wait", "127.0.0.1:\(full.port)", "--for", "1s"])
        #expect(
            dropped.code == 69 && dropped.output.contains("nothing listened on 127.0.0.1:\(full.port) within 1s"),
            "\(dropped.output)")
        let nothing = try await gatehouse(["wait", "1", "--for", "100ms"])
        #expect(nothing.code == 69 && nothing.output.contains("nothing listened on"), "\(nothing.output)")
        try await withGateway { gateway, _ in
            for address in ["\(gateway.port)", gateway.url] {
                let ended = try await gatehouse(["wait", address, "--for", "5s"])
                #expect(ended.code == 0, "\(ended.output)")
            }
        }
    }

    // MARK: TLS

    @Test func eachCauseInTLSHasASentenceOfItsOwn() async throws {
        let gateway = try GatewayProcess()
        let folder = gateway.folder.path
        let (own, expired, wrong) = (
            try await identity(in: folder, "own", "DNS:localhost,IP:127.0.0.1"),
            try await identity(in: folder, "expired", "IP:127.0.0.1", days: "-1"),
            try await identity(in: folder, "wrong", "DNS:other.example")
        )
        let cases: [(served: [String], scheme: String, trusts: String?, words: [String])] = [
            (own.flags, "https", nil, ["is self-signed", "--authorities"]),
            (expired.flags, "https", expired.certificate, ["expired on 20", "renew it"]),
            (wrong.flags, "https", wrong.certificate, ["does not prove the name 127.0.0.1", "other.example"]),
            (own.flags, "http", nil, ["it speaks TLS on port", "set https"]),
            ([], "https", nil, ["speaks plain HTTP on port"]),
        ]
        for (served, scheme, trusts, words) in cases {
            try await gateway.start(served)
            let trust = trusts.map { ["--authorities", $0] } ?? []
            let url = "\(scheme)://127.0.0.1:\(gateway.port)"
            let ended = try await gatehouse(["status", "--url", url] + trust + Self.key)
            #expect(ended.code == 69, "\(ended.output)")
            for word in words { #expect(ended.output.contains(word), "\(ended.output)") }
            #expect(!ended.output.contains("Is the gateway running"), "it runs: \(ended.output)")
            // A supervisor asks whether it answers, not whether its certificate is valid.
            #expect(try await gatehouse(["wait", "127.0.0.1:\(gateway.port)", "--for", "5s"]).code == 0)
            #expect(await gateway.stop() == 0)
        }
        await gateway.remove()
    }

    /// Servers that the gateway cannot be: one with an old version of TLS, two that require a client certificate.
    @Test(arguments: [
        (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], "too old"),
        (["-tls1_2", "-Verify", "1", "-verify_return_error"], "client certificate"),
        (["-tls1_3", "-Verify", "1", "-verify_return_error"], "client certificate"),
    ])
    func demandOfAServerInFrontIsReported(flags: [String], words: String) async throws {
        let gateway = try GatewayProcess()
        let own = try await identity(in: gateway.folder.path, "own", "IP:127.0.0.1")
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        let port = try SilentListener.freePort()
        server.arguments =
            [
                "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", own.certificate, "-key", own.key,
                "-quiet",
            ]
            + flags
        server.standardInput = Pipe()
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        // It takes no SIGTERM while it serves a connection.
        defer { kill(server.processIdentifier, SIGKILL) }
        let url = "https://127.0.0.1:\(port)"
        try await eventually("it listens") { (try? RawCaller(port: port))?.close() != nil }
        let ended = try await gatehouse(
            ["status", "--url", url, "--authorities", own.certificate, "--give-up-after", "10s"] + Self.key)
        #expect(ended.code == 69 && ended.output.contains(words), "\(ended.output)")
        await gateway.remove()
    }

    private func identity(
        in folder: String, _ name: String, _ names: String, days: String = "2"
    ) async throws -> (certificate: String, key: String, flags: [String]) {
        let (certificate, key) = ("\(folder)/\(name).crt", "\(folder)/\(name).key")
        let asked = try await run(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)",
                "-keyout", key, "-out", "\(folder)/\(name).csr",
            ])
        try #require(asked.code == 0, "\(asked.output)")
        try "subjectAltName=\(names)\n".write(toFile: "\(folder)/\(name).ext", atomically: true, encoding: .utf8)
        let signed = try await run(
            "openssl",
            [
                "x509", "-req", "-in", "\(folder)/\(name).csr", "-signkey", key, "-days", days, "-extfile",
                "\(folder)/\(name).ext", "-out", certificate,
            ])
        try #require(signed.code == 0, "\(signed.output)")
        return (certificate, key, ["--tls-certificate", certificate, "--tls-key", key])
    }

    // MARK: Signals

    /// A file that is being sent reports how far it came, so that the user can continue from there.
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aFileThatIsInterruptedSaysHowFarItCame(signal: Int32, code: Int32) async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let sender = Process()
            sender.executableURL = GatewayProcess.built("gatehouse")
            sender.arguments = ["send", "--file", "-", "--url", gateway.url, "--key", building.source.key]
            let (input, output) = (Pipe(), Pipe())
            sender.standardInput = input
            (sender.standardOutput, sender.standardError) = (output, output)
            try sender.run()
            // A hundred go at once; the others wait for a batch that never fills.
            let lines = (1...130).map { Building.event("\($0)") + "\n" }.joined()
            try input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
            try await eventually("a batch is taken") { receiver.sourceIDs.count >= 100 }
            try await Task.sleep(for: .milliseconds(200))
            Foundation.kill(sender.processIdentifier, signal)
            try await eventually("it ends") { !sender.isRunning }
            #expect(sender.terminationStatus == code && sender.terminationReason == .exit)
            try input.fileHandleForWriting.close()
            let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            #expect(said.contains("100 new"), "\(said)")
            #expect(said.contains("interrupted at line 101: 100 events before it were taken"), "\(said)")
            #expect(said.contains("--from-line 101"), "\(said)")
        }
    }
}

/// Why a gateway or a receiver does not start: each names the setting, what is wrong and what to do.
@Suite(.serialized) struct StartCauseTests {
    private static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    @Test func eachCauseIsNamedWithItsSetting() async throws {
        let silent = try SilentListener()
        defer { silent.close() }
        let port = "\(silent.port)"
        let serve = ["serve", "--store", "sqlite::memory:"]
        let listen = ["listen", "--secret", Self.secret]
        let cases: [(code: Int32, arguments: [String], words: [String])] = [
            (
                78, serve + ["--tls-certificate", "/nowhere.pem", "--tls-key", "/nowhere.key", "--port", "0"],
                ["tls.certificate names /nowhere.pem", "No such file", "Give the path"]
            ),
            (78, serve + ["--host", "127.0.0.1:80"], ["--host", "write 127.0.0.1", "--port 80"]),
            (78, serve + ["--host", "127.0.0.1:80:80"], ["--host", "write one address"]),
            (69, serve + ["--port", port], ["port \(port) on 127.0.0.1 is taken", "--port"]),
            (69, listen + ["--port", port], ["port \(port) on 127.0.0.1 is taken", "--port"]),
            (64, listen + ["--port", "0", "--host", "127.0.0.1:80"], ["--host", "--port 80"]),
            (64, ["wait", "127.0.0.1:80:80"], ["what stands behind its host is no port"]),
            (64, ["status", "--key", "k", "--url", "http://127.0.0.1:80:80"], ["is no port"]),
            (78, ["config", "--public-url", "http://127.0.0.1:80:80"], ["--public-url", "is no port"]),
            (64, ["help", "bogus"], ["there is no command 'bogus'"]),
            (64, ["backup"], ["gatehouse store backup"]),
        ]
        for (code, arguments, words) in cases {
            // With a key of its own, so that no first start writes one beside the tests.
            let key = "GATEHOUSE_ADMIN_KEY=\(GatewayProcess.adminKey)"
            let ended = try await run("env", [key, GatewayProcess.built("gatehouse").path] + arguments)
            #expect(ended.code == code, "\(arguments): \(ended.output)")
            for word in words { #expect(ended.output.contains(word), "\(arguments): \(ended.output)") }
        }
    }
}
