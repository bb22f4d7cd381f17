import Foundation
import GatehouseCore
import Testing

/// The real binary behind a real proxy that asks for a password.
@Suite struct EgressProxyTests {
    private static func startProxy(in folder: URL, _ port: Int) throws -> Process {
        let settings = """
            Port \(port)
            Listen 127.0.0.1
            Allow 127.0.0.1
            MaxClients 50
            LogLevel Connect
            LogFile "\(folder.path)/proxy.log"
            BasicAuth ana s3cret

            """
        try Data(settings.utf8).write(to: folder.appending(path: "proxy.conf"))
        let proxy = Process()
        proxy.executableURL = URL(filePath: "/usr/bin/env")
        proxy.arguments = ["tinyproxy", "-d", "-c", folder.path + "/proxy.conf"]
        proxy.standardOutput = FileHandle.nullDevice
        proxy.standardError = FileHandle.nullDevice
        try proxy.run()
        return proxy
    }

    @Test func everyDeliveryLeavesByTheProxyAndItsAbsenceIsToldApart() async throws {
        let (gateway, receiver) = (try GatewayProcess(), Receiver())
        try await receiver.start()
        let free = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        let port = try #require(Int(try await run("python3", ["-c", free]).output.filter(\.isNumber)))
        let proxy = try Self.startProxy(in: gateway.folder, port)
        try await eventually("the proxy listens") {
            try await run("curl", ["-s", "-o", "/dev/null", "http://127.0.0.1:\(port)/"]).code != 7
        }
        try await gateway.start(["--egress-proxy", "http://ana:s3cret@127.0.0.1:\(port)"])
        let building = try await Building.make(at: gateway, for: receiver, terms: #","retries":[1,1,1,1,1,1]"#)
        #expect(try await building.source.post("/v1/events", Building.event("through")).status == 202)
        try await eventually("it arrives") { receiver.sourceIDs["through"] == 1 }
        let log = try String(contentsOf: gateway.folder.appending(path: "proxy.log"), encoding: .utf8)
        #expect(log.contains("CONNECT 127.0.0.1:\(receiver.port) "))

        kill(proxy.processIdentifier, SIGKILL)
        while proxy.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await building.source.post("/v1/events", Building.event("away")).status == 202)
        try await eventually("it is told what is wrong") {
            let newest = try await building.curl.get("/v1/deliveries?limit=1").body["items"]?.items?.first
            let shown = try await building.curl.get("/v1/deliveries/\(newest?["id"]?.text ?? "")")
            return shown.body["attempts"]?.items?.contains { $0["outcome"] == "proxy-failed" } ?? false
        }
        let again = try Self.startProxy(in: gateway.folder, port)
        try await eventually("it arrives once the proxy is back") { receiver.sourceIDs["away"] == 1 }
        #expect(receiver.bad == 0)
        #expect(await gateway.stop() == 0)
        kill(again.processIdentifier, SIGKILL)
        await receiver.stop()
        await gateway.remove()
    }
}
