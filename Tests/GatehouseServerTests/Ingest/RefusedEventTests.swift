import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

@testable import GatehouseServer

/// A refused event leaves a count and a log line, and an alarm is not refused because of its names.
@Suite struct RefusedEventTests {
    private static func event(_ id: String, _ type: String, _ data: JSON) -> JSON {
        ["specversion": "1.0", "id": .string(id), "source": "/panels/p-acme", "type": .string(type), "data": data]
    }

    private func count(_ reason: String, _ server: TestServer) async throws -> Int {
        let page = try await server.get("/metrics").text
        let line = page.split(separator: "\n").first {
            $0.hasPrefix("gatehouse_events_refused_total{") && $0.contains(#"reason="\#(reason)""#)
        }
        return line?.split(separator: " ").last.flatMap { Int(Double($0) ?? -1) } ?? 0
    }

    private static let reasons: [(event: JSON, reason: String)] = [
        (event("1", "door.opened", ["door": "cellar"]), "unknown-door"),
        (event("1", "door.opened", ["panel": "cellar"]), "unknown-panel"),
        (event("1", "door.opend", [:]), "unknown-kind"), ("7", "malformed"),
        (event("1", "access.granted", ["access": ["authorized": false]]), "contradiction"),
        (event("1", "permission.created", [:]), "forbidden"),
        (event("1", "door.opened", ["person": [:]]), "misplaced-block"),
    ]

    @Test(arguments: reasons)
    func refusalIsCountedByItsReason(event: JSON, reason: String) async throws {
        let server = try await TestServer()
        let source = try await server.credential(.source)
        #expect(try await count(reason, server) == 0)
        for _ in 0..<3 { #expect(try await server.post("/v1/events", event, source).status >= 400) }
        #expect(try await count(reason, server) == 3)
        let lines = server.log.lines.filter { $0.text == "an event was refused" }
        #expect(lines.count == 1, "a panel that repeats itself gets one line in a while")
        #expect(lines.first?.level == .warning)
        #expect(lines.first?.metadata["reason"] == "\(reason)")
        #expect(lines.first?.metadata["organization"] == "acme")
    }

    @Test func usedIDIsCountedAndAStoreOutageIsNot() async throws {
        let server = try await TestServer()
        let source = try await server.credential(.source)
        #expect(try await server.post("/v1/events", Self.event("1", "door.opened", [:]), source).status == 202)
        #expect(try await server.post("/v1/events", Self.event("1", "door.closed", [:]), source).status == 409)
        #expect(try await count("conflict", server) == 1)
        server.gate.refuse(.append, with: .unavailable("disk full"))
        #expect(try await server.post("/v1/events", Self.event("2", "door.closed", [:]), source).status == 503)
        #expect(server.log.lines.filter { $0.text == "an event was refused" }.count == 1)
    }

    /// A clock that the test moves.
    private final class SteppingClock: WallClock {
        private let time = Mutex(Instant(seconds: 1_773_216_930))
        var now: Instant { time.withLock { $0 } }
        func step(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
        func sleep(until instant: Instant) async throws {}
    }

    @Test func nextLineCountsTheOmittedOnes() async throws {
        let clock = SteppingClock()
        let server = try await TestServer(clock: clock)
        let source = try await server.credential(.source)
        let strange = Self.event("1", "door.opened", ["door": "cellar"])
        for _ in 0..<5 { _ = try await server.post("/v1/events", strange, source) }
        clock.step(.seconds(9))
        _ = try await server.post("/v1/events", strange, source)
        clock.step(.seconds(1))
        _ = try await server.post("/v1/events", strange, source)
        let lines = server.log.lines.filter { $0.text == "an event was refused" }
        #expect(lines.map { $0.metadata["leftOut"] } == ["0", "5"])
    }

    @Test func alarmIsAcceptedWithAnyNames() async throws {
        let server = try await TestServer()
        let source = try await server.credential(.source)
        let answer = try await server.post("/v1/events", Self.event("1", "door.forced", ["door": "cellar"]), source)
        #expect(answer.status == 202)
        #expect(answer.json?["events"]?.items?.first?["flag"] == "unknown-door")
        #expect(try await server.taken().map(\.flag) == [.unknownDoor])
        let granted = Self.event("2", "access.granted", ["access": ["authorized": false, "duress": true]])
        let contradicting = try await server.post("/v1/events", granted, source)
        #expect(contradicting.json?["events"]?.items?.first?["flag"] == "contradiction")
        #expect(try await server.taken().last?.isAuthorized == true)
        let plain = try await server.post("/v1/events", Self.event("3", "door.forced", ["door": "d-acme"]), source)
        #expect(plain.json?["events"]?.items?.first?["flag"] == nil)
    }

    @Test func alarmWithAUsedIDIsAcceptedOnceAndFlagged() async throws {
        let server = try await TestServer()
        let source = try await server.credential(.source)
        _ = try await server.post("/v1/events", Self.event("1", "door.opened", [:]), source)
        let alarm = Self.event("1", "door.forced", ["door": "d-acme"])
        let taken = try await server.post("/v1/events", alarm, source)
        #expect(taken.status == 202)
        #expect(taken.json?["events"]?.items?.first?["flag"] == "conflict")
        #expect(taken.json?["events"]?.items?.first?["duplicate"] == false)
        let again = try await server.post("/v1/events", alarm, source)
        #expect(again.json?["events"]?.items?.first?["duplicate"] == true)
        #expect(try await server.taken().count == 2)
    }
}
