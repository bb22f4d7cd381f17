import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import GatehouseServer

/// Callers that wait for events: what wakes them, when they give up, and how many there may be.
@Suite(.timeLimit(.minutes(1))) struct WaitingTests {
    private static func event(_ number: Int, of organization: String = "acme") -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x018B_CFE5_6800_7000, low: 0x8000_0000_0000_0000 | UInt64(number)), kind: .doorOpened,
            organization: OrganizationID(organization), received: Instant(seconds: 1_773_216_930))
        parts.source = "/p"
        parts.sourceID = "\(number)"
        return Event(parts)
    }

    private static func server(
        _ clock: ManualClock, _ change: (inout ServerSettings) -> Void = { _ in }
    ) async throws -> TestServer {
        var settings = ServerSettings()
        change(&settings)
        return try await TestServer(settings: settings, clock: clock)
    }

    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    /// Lets time pass until the work is done, in small steps, whenever all expected sleepers are asleep.
    private func passing<Value: Sendable>(
        _ clock: ManualClock, sleepers: Int = 1, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let isDone = Snapshot(false)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                defer { isDone.update { $0 = true } }
                return try await work()
            }
            group.addTask {
                while !isDone.value {
                    if clock.sleepers == sleepers { clock.advance(by: .milliseconds(50)) }
                    await Task.yield()
                }
                return nil
            }
            var value: Value?
            for try await result in group { value = result ?? value }
            return try #require(value)
        }
    }

    @Test func waitingCallerIsAnsweredAtTheSignal() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let began = clock.now
        let answer = Task { try await server.get("/v1/events?wait=30s&organization=acme") }
        await until { server.parts.commitSignal.waiting == 1 }
        try await server.keep(Self.event(1))
        server.parts.commitSignal.tell()
        await until { clock.sleepers == 1 && server.parts.commitSignal.waiting == 0 }
        clock.advance(by: FeedReader.rest)
        let page = try await answer.value
        #expect(page.status == 200)
        #expect(page.json?["events"]?.items?.map { $0["id"]?.text } == ["1"])
        #expect(page.json?["next"] == "1")
        #expect(clock.now - began == FeedReader.rest)
        #expect(server.places.count(.poll) == 0)
    }

    @Test func eventThatDoesNotMatchEndsNoWait() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let began = clock.now
        let answer = Task { try await server.get("/v1/events?wait=30s&organization=acme") }
        await until { server.parts.commitSignal.waiting == 1 }
        try await server.keep(Self.event(1, of: "other"))
        server.parts.commitSignal.tell()
        let page = try await passing(clock) { try await answer.value }
        #expect(page.json?.compact == #"{"events":[],"next":null}"#)
        #expect(clock.now - began >= .seconds(30))
    }

    @Test func eventWithoutASignalIsFound() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let began = clock.now
        let answer = Task { try await server.get("/v1/events?wait=60s") }
        await until { server.parts.commitSignal.waiting == 1 }
        try await server.keep(Self.event(1))
        let page = try await passing(clock) { try await answer.value }
        #expect(page.json?["events"]?.items?.count == 1)
        #expect(clock.now - began < FeedReader.backstop + .seconds(1))
    }

    @Test func requestForPastEventsDoesNotWait() async throws {
        let server = try await Self.server(ManualClock())
        let page = try await server.get("/v1/events?wait=60s&until=2026-01-01T00:00:00Z")
        #expect(page.json?.compact == #"{"events":[],"next":null}"#)
    }

    @Test func shutdownEndsTheWaiting() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let answer = Task { try await server.get("/v1/events?wait=60s") }
        let stream = Task { try await server.get("/v1/events/stream") }
        await until { server.parts.commitSignal.waiting >= 2 }
        let began = clock.now
        server.parts.commitSignal.close()
        #expect(try await answer.value.json?.compact == #"{"events":[],"next":null}"#)
        #expect(try await stream.value.status == 200)
        #expect(clock.now == began)
        #expect(try await server.get("/v1/events?wait=60s").status == 200)
        #expect(server.places.count(.poll) == 0 && server.places.count(.stream) == 0)
    }

    @Test(arguments: [("/v1/events?wait=60s", WaitLimiter.WaitMethod.poll), ("/v1/events/stream", .stream)])
    func numberOfWaitingCallersIsBounded(path: String, method: WaitLimiter.WaitMethod) async throws {
        let server = try await Self.server(ManualClock()) {
            $0.waitingPolls = 1
            $0.eventStreams = 1
        }
        let first = Task { try await server.get(path) }
        await until { server.places.count(method) == 1 && server.parts.commitSignal.waiting > 0 }
        let second = try await server.get(path)
        second.expectProblem(503, "overloaded")
        #expect(second.headers[.retryAfter] == "5")
        #expect(try await server.get("/v1/events").status == 200, "who does not wait takes no place")
        server.parts.commitSignal.close()
        #expect(try await first.value.status == 200)
        #expect(server.places.count(method) == 0)
    }

    @Test func placesAreSharedBetweenKeysAndOrganizations() async throws {
        let bounds = WaitLimiter.Bounds(all: 8, perKey: 2, perOrganization: 3)
        let places = WaitLimiter()
        let now = Instant(seconds: 1)
        func key(_ id: String, _ organization: String?) -> Key {
            Key(
                id: KeyID(id), name: id, role: .reporter, organization: organization.map { OrganizationID($0) },
                hash: [], created: now)
        }
        func take(_ key: Key) throws -> WaitLimiter.Place { try places.take(.stream, for: key, within: bounds) }
        var held = [try take(key("a", "acme")), try take(key("a", "acme"))]
        #expect(throws: WaitLimiter.Bound.key) { try take(key("a", "acme")) }
        held.append(try take(key("b", "acme")))
        #expect(throws: WaitLimiter.Bound.organization) { try take(key("b", "acme")) }
        held += [try take(key("c", "other")), try take(key("top", nil)), try take(key("top", nil))]
        #expect(throws: WaitLimiter.Bound.key) { try take(key("top", nil)) }
        #expect(places.count(.stream) == 6 && places.count(.poll) == 0)
        _ = try places.take(.poll, for: key("a", "acme"), within: bounds)
        held += [try take(key("d", "third")), try take(key("e", "fourth"))]
        #expect(throws: WaitLimiter.Bound.all) { try take(key("f", "fifth")) }
        #expect(places.refused(.stream) == [.key: 2, .organization: 1, .all: 1])
        held.removeAll()
        #expect(places.count(.stream) == 0)
        _ = try take(key("a", "acme"))
    }

    @Test(arguments: [("/v1/events?wait=60s", WaitLimiter.WaitMethod.poll), ("/v1/events/stream", .stream)])
    func keyAtItsBoundLeavesPlacesToOthers(path: String, method: WaitLimiter.WaitMethod) async throws {
        let server = try await Self.server(ManualClock()) {
            $0.waitingPollsPerKey = 1
            $0.eventStreamsPerKey = 1
        }
        let (one, other) = (try await server.credential(.reporter), try await server.credential(.reporter))
        let first = Task { try await server.get(path, one) }
        await until { server.places.count(method) == 1 && server.parts.commitSignal.waiting > 0 }
        let refused = try await server.get(path, one)
        refused.expectProblem(429, "many-waits")
        #expect(refused.headers[.retryAfter] == "5")
        let second = Task { try await server.get(path, other) }
        await until { server.places.count(method) == 2 }
        let metrics = try await server.get("/metrics").text
        #expect(metrics.contains("gatehouse_waiting{manner=\"\(method)\"} 2\n"))
        #expect(metrics.contains("gatehouse_waiting_refused_total{bound=\"key\",manner=\"\(method)\"} 1\n"))
        server.parts.commitSignal.close()
        _ = (try await first.value, try await second.value)
        #expect(server.places.count(method) == 0)
    }

    // MARK: Streams

    /// Keeps the output of a stream, and can block it.
    private final class Pipe: ResponseBodyWriter, Sendable {
        private let kept = Mutex("")
        private let isHeld: Mutex<Bool>

        private let clock: (any WallClock)?
        private let written = Mutex<[Instant]>([])

        init(isHeld: Bool = false, clock: (any WallClock)? = nil) {
            self.isHeld = Mutex(isHeld)
            self.clock = clock
        }

        /// When each piece was written, by the clock.
        var times: [Instant] { written.withLock { $0 } }

        var text: String { kept.withLock { $0 } }
        var blocks: [String] { text.split(separator: "\n\n").map(String.init) }

        func write(_ buffer: ByteBuffer) async throws {
            while isHeld.withLock({ $0 }) {
                try Task.checkCancellation()
                await Task.yield()
            }
            if let now = clock?.now { written.withLock { $0.append(now) } }
            kept.withLock { $0 += String(buffer: buffer) }
        }

        func finish(_ trailers: HTTPFields?) async throws { kept.withLock { $0 += "END" } }
    }

    private func stream(
        _ server: TestServer, _ query: String = "", lastID: String? = nil, _ credential: String = TestServer.admin
    ) async throws -> Response {
        var headers: HTTPFields = [.authorization: "Bearer \(credential)"]
        if let name = HTTPField.Name("Last-Event-ID") { headers[name] = lastID }
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "gatehouse", path: "/v1/events/stream" + query,
            headerFields: headers)
        return try await server.api.responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            context: CallContext(logger: server.parts.logger))
    }

    @Test func streamBeginsAtTheEndAndSendsNewEvents() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        for number in 1...2 { try await server.keep(Self.event(number)) }
        let response = try await stream(server)
        #expect(response.headers[.contentType] == "text/event-stream")
        let pipe = Pipe()
        let end = Task { [body = response.body] in try await body.write(pipe) }
        await until { server.parts.commitSignal.waiting == 2 }
        try await server.keep(Self.event(3))
        server.parts.commitSignal.tell()
        try await passing(clock, sleepers: 2) { while pipe.blocks.count < 2 { await Task.yield() } }
        server.parts.commitSignal.close()
        try await end.value
        #expect(pipe.blocks.first == "retry: 2000\nid: 2")
        let lines = try #require(pipe.blocks.dropFirst().first).split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == "id: 3" && lines[1] == "event: door.opened")
        let data = try JSONParser.parse(Array(lines[2].dropFirst("data: ".count).utf8))
        #expect(data == Self.event(3).cloudEvent(at: .noCredentials))
        #expect(pipe.text.hasSuffix("\n\nEND"))
    }

    @Test(arguments: [("?after=0", nil, ["1", "2", "3"]), ("?after=0", "2", ["3"]), ("", "1", ["2", "3"])])
    func streamContinuesAfterTheReadersLastEvent(query: String, lastID: String?, wanted: [String]) async throws {
        let server = try await Self.server(ManualClock())
        for number in 1...3 { try await server.keep(Self.event(number)) }
        let pipe = Pipe()
        let response = try await stream(
            server, query + (query.isEmpty ? "?" : "&") + "organization=acme", lastID: lastID)
        let end = Task { [body = response.body] in try await body.write(pipe) }
        await until { pipe.blocks.count == wanted.count + 1 }
        server.parts.commitSignal.close()
        try await end.value
        let first = pipe.blocks.dropFirst().map { String($0.split(separator: "\n")[0]) }
        #expect(first == wanted.map { "id: \($0)" } + ["END"])
    }

    @Test(arguments: ["9", "x", "-1"]) func invalidLastEventIDIsRefused(id: String) async throws {
        let server = try await Self.server(ManualClock())
        #expect(try await stream(server, lastID: id).status.code == 422)
    }

    @Test func quietStreamSendsHeartbeats() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let pipe = Pipe(clock: clock)
        let response = try await stream(server, "?organization=acme")
        let end = Task { [body = response.body] in try await body.write(pipe) }
        await until { server.parts.commitSignal.waiting == 2 }
        try await server.keep(Self.event(1, of: "other"))
        try await passing(clock, sleepers: 2) { while pipe.blocks.count < 3 { await Task.yield() } }
        let (first, second) = (pipe.times[1] - pipe.times[0], pipe.times[2] - pipe.times[1])
        #expect((Duration.seconds(15)...(.seconds(16))).contains(first), "\(first)")
        #expect((Duration.seconds(15)...(.seconds(16))).contains(second), "\(second)")
        server.parts.commitSignal.close()
        try await end.value
        // The second one has nothing new to report about the reader's position.
        #expect(pipe.blocks.dropFirst().prefix(2) == [": alive\nid: 1", ": alive"])
    }

    @Test func revokedKeyGetsNoMoreEvents() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let credential = try await server.credential(.reporter)
        let key = try #require(server.parts.keys.keys.first { $0.role == .reporter })
        let pipe = Pipe()
        let response = try await stream(server, "", credential)
        let end = Task { [body = response.body] in try await body.write(pipe) }
        await until { server.parts.commitSignal.waiting == 2 }
        try await server.parts.keys.apply(Change(.remove, .key(key)), through: server.intake)
        try await server.keep(Self.event(1))
        server.parts.commitSignal.tell()
        try await passing(clock, sleepers: 2) { while !pipe.text.hasSuffix("END") { await Task.yield() } }
        try await end.value
        #expect(pipe.blocks.count == 2, "\(pipe.text)")
    }

    @Test func streamOfAStuckReaderIsEnded() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let pipe = Pipe(isHeld: true)
        let response = try await stream(server)
        let began = clock.now
        await #expect(throws: (any Error).self) {
            try await passing(clock) { [body = response.body] in try await body.write(pipe) }
        }
        let lasted = clock.now - began
        #expect(lasted >= FeedStream.patience && lasted < FeedStream.patience + FeedStream.heartbeat + .seconds(1))
        #expect(pipe.text.isEmpty)
    }

    @Test func stuckReaderDoesNotDelayTheShutdown() async throws {
        let clock = ManualClock()
        let server = try await Self.server(clock)
        let pipe = Pipe(isHeld: true)
        let response = try await stream(server)
        let began = clock.now
        server.parts.commitSignal.close()
        await #expect(throws: (any Error).self) {
            try await passing(clock) { [body = response.body] in try await body.write(pipe) }
        }
        #expect(clock.now - began < FeedStream.lastPatience + .seconds(2))
    }
}
