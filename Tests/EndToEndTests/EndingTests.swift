import Foundation
import Testing

/// How the gateway ends when it is asked to: it says what it waits for, and a second signal ends it at once.
@Suite struct EndingTests {
    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func itSaysWhatItWaitsForAndASecondSignalEndsIt(signal: Int32, code: Int32) async throws {
        let gateway = try GatewayProcess()
        let silent = try SilentListener()
        defer { silent.close() }
        try await gateway.start(["--log-format", "json"])
        let receiver = Receiver()
        try await receiver.start()
        let building = try await Building.make(at: gateway, for: receiver)
        await receiver.stop()
        let moved = try await building.curl.patch(
            "/v1/subscriptions/\(building.subscription)", #"{"url":"http://127.0.0.1:\#(silent.port)/events"}"#)
        try #require(moved.status == 200, "\(moved.text)")
        let sent = try await building.source.post(
            "/v1/events", Building.event("1", kind: "door.forced"), type: "application/cloudevents+json")
        try #require(sent.status == 202, "\(sent.text)")
        try await eventually("the attempt is on the wire") { silent.hasCaller }
        Foundation.kill(gateway.processIdentifier, signal)
        try await eventually("it says what it waits for") {
            let said = gateway.lines(saying: "the gateway ends:").first
            return said?.contains(#""attempts":"1""#) == true && said?.contains(#""requests":"0""#) == true
        }
        try await eventually("it says so again, and until when") {
            gateway.lines(saying: "waits for what is under way").contains { $0.contains(#""until":"2"#) }
        }
        #expect(gateway.isRunning)
        #expect(await gateway.stop(signal) == code)
        #expect(gateway.lines(saying: "ends at once").first?.contains(#""attempts":"1""#) == true)

        // Nothing is lost: the next start makes the attempt again.
        try await gateway.start(["--log-format", "json"])
        silent.forget()
        try await eventually("it is attempted again") { silent.hasCaller }
        await gateway.remove()
    }

    @Test func aCallThatIsUnderWayIsCountedAndAnswered() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start(["--log-format", "json"])
        let caller = try RawCaller(port: gateway.port)
        defer { caller.close() }
        let body = #"{"name":"Acme","id":"acme"}"#
        let key = GatewayProcess.adminKey
        try caller.write(
            "POST /v1/organizations HTTP/1.1\r\nHost: gatehouse\r\nAuthorization: Bearer \(key)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n{")
        try await eventually("the request is under way") { try await Self.requests(at: gateway) == 2 }
        Foundation.kill(gateway.processIdentifier, SIGTERM)
        try await eventually("it says that a request is under way") {
            gateway.lines(saying: "the gateway ends:").first?.contains(#""requests":"1""#) == true
        }
        try caller.write(String(body.dropFirst()))
        #expect(try caller.read().hasPrefix("HTTP/1.1 201"))
        caller.close()
        try await eventually("it ends") { !gateway.isRunning }
        #expect(await gateway.stop() == 0, "how it ended")
        await gateway.remove()
    }

    /// How many requests are under way, the one that asks among them.
    private static func requests(at gateway: GatewayProcess) async throws -> Int? {
        let page = try await Curl(url: gateway.url).get("/metrics").text
        return page.firstMatch(of: /gatehouse_http_requests_open (\d+)/).flatMap { Int($0.1) }
    }
}

extension GatewayProcess {
    /// The lines of the log of the present start that have this text.
    func lines(saying text: String) -> [Substring] {
        output("err").split(separator: "\n").filter { $0.contains(text) }
    }
}
