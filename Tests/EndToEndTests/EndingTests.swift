import Foundation
import NIOCore
import NIOPosix
import Testing

/// How the gateway ends when it is asked to: it says what it waits for, and a second signal ends it at once.
@Suite struct EndingTests {
    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func itSaysWhatItWaitsForAndASecondSignalEndsIt(signal: Int32, code: Int32) async throws {
        let gateway = try GatewayProcess()
        let silent = try SilentListener()
        defer { silent.close() }
        try await gateway.start(["--log-format", "json"])
        _ = try await Self.building(at: gateway, sendingTo: silent)
        Foundation.kill(gateway.processIdentifier, signal)
        try await eventually("it says what it waits for") {
            let said = gateway.lines(with: "the gateway ends:").first
            return said?.contains(#""attempts":"1""#) == true && said?.contains(#""requests":"0""#) == true
        }
        try await eventually("it says so again, and until when") {
            gateway.lines(with: "waits for running work").contains { $0.contains(#""until":"2"#) }
        }
        #expect(gateway.isRunning)
        #expect(await gateway.stop(signal) == code)
        #expect(gateway.lines(with: "ends at once").first?.contains(#""attempts":"1""#) == true)

        // Nothing is lost: the next start repeats the attempt.
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
            gateway.lines(with: "the gateway ends:").first?.contains(#""requests":"1""#) == true
        }
        try caller.write(String(body.dropFirst()))
        #expect(try caller.read().hasPrefix("HTTP/1.1 201"))
        caller.close()
        try await eventually("it ends") { !gateway.isRunning }
        #expect(await gateway.stop() == 0, "how it ended")
        await gateway.remove()
    }

    /// One deadline, from the signal on, for a slow upload, an attempt, a stream, a poll and a test at once.
    @Test func workUnfinishedInTimeIsCutAndLogged() async throws {
        let gateway = try GatewayProcess()
        let silent = try SilentListener()
        defer { silent.close() }
        try await gateway.start(["--log-format", "json", "--drain", "2s"])
        let building = try await Self.building(at: gateway, sendingTo: silent)
        let path = "/v1/subscriptions/\(building.subscription)/test"
        let upload = try await Self.drip(Self.request("POST", "/v1/events", length: 1_000_000), to: gateway)
        let callers = try [
            Self.request("GET", "/v1/events/stream"), Self.request("GET", "/v1/events?kind=person.created&wait=30s"),
            Self.request("POST", path),
        ].map { text in
            let caller = try RawCaller(port: gateway.port)
            try caller.write(text)
            return caller
        }
        defer { for caller in callers { caller.close() } }
        // A stream is none of the requests, and the one that asks is.
        try await eventually("all are under way") { try await Self.requests(at: gateway) == callers.count + 1 }
        let began = ContinuousClock.now
        #expect(await gateway.stop() == 0, "\(gateway.output("err"))")
        let took = ContinuousClock.now - began
        #expect(took > .seconds(1.8) && took < .seconds(4.5), "\(took)")
        let cut = try #require(gateway.lines(with: "the time to finish is over").first, "\(gateway.output("err"))")
        // The poll and the stream ended at once; the upload and the test were awaited.
        for figure in [#""attempts":"1""#, #""requests":"2""#, #""streams":"0""#] {
            #expect(cut.contains(figure), "\(cut)")
        }

        try await gateway.start(["--log-format", "json"])
        silent.forget()
        try await eventually("the attempt is made again") { silent.hasCaller }
        await gateway.remove()
        try? await upload.close()
    }

    /// Begins a request whose body comes at 2 KB/s.
    private static func drip(_ head: String, to gateway: GatewayProcess) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: gateway.port).get()
        try await channel.writeAndFlush(ByteBuffer(string: head))
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(100)) { task in
            guard channel.isActive else { return task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: String(repeating: " ", count: 200)), promise: nil)
        }
        return channel
    }

    /// A gateway whose subscription leads to a receiver that hangs, with one attempt on the wire.
    private static func building(
        at gateway: GatewayProcess, sendingTo silent: SilentListener
    ) async throws -> Building {
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
        return building
    }

    /// A request's head; with a length, its body is still to come.
    private static func request(_ method: String, _ path: String, length: Int = 0) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: gatehouse\r\nAuthorization: Bearer \(GatewayProcess.adminKey)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// How many requests are under way, the one that asks among them.
    private static func requests(at gateway: GatewayProcess) async throws -> Int? {
        let page = try await Curl(url: gateway.url).get("/metrics").text
        return page.firstMatch(of: /gatehouse_http_requests_open (\d+)/).flatMap { Int($0.1) }
    }
}

extension GatewayProcess {
    /// The lines of the log of the present start that have this text.
    func lines(with text: String) -> [Substring] {
        output("err").split(separator: "\n").filter { $0.contains(text) }
    }
}
