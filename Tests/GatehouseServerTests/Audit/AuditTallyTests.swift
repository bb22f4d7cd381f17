import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseServer

/// Audit lines that are counted instead of written one by one.
@Suite struct AuditTallyTests {
    private static let start = Instant(seconds: 1_773_216_960)

    private func entry(_ id: String, at time: Instant, _ address: String = "192.0.2.7") -> AuditEntry {
        let client = JSONObject([.init("ipAddress", .string(address))])
        return AuditEntry(
            .proveFailed, .interface, id, of: OrganizationID("acme"),
            by: AuditEntry.Actor(key: nil, client: client), at: time)
    }

    @Test func equalActionsAreOneCountedLineATurn() async throws {
        let (store, _) = try await TestServer.openStore()
        let tally = AuditTally(store: store, turn: .seconds(60), lines: 10)
        for second in 0..<59 { tally.note(entry("login", at: Self.start + .seconds(second))) }
        tally.note(entry("key", at: Self.start + .seconds(7)))
        tally.note(entry("login", at: Self.start + .seconds(61)))
        try await tally.settle(.ended, at: Self.start + .seconds(59))
        #expect(try await TestServer.audit(of: store).isEmpty, "the turn is not over")
        try await tally.settle(.ended, at: Self.start + .seconds(61))
        let written = try await TestServer.audit(of: store)
        #expect(written.map(\.id) == ["key", "login"])
        #expect(written.last?.time == Self.start + .seconds(58) && written.last?.organization?.text == "acme")
        #expect(written.last?.details["count"] == 59)
        #expect(written.last?.details["since"]?.text == RFC3339.text(Self.start))
        try await tally.settle(.all, at: Self.start + .seconds(61))
        try await tally.settle(.all, at: Self.start + .seconds(61))
        #expect(try await TestServer.audit(of: store).count == 3)
    }

    @Test func storeOutageLosesNoCounts() async throws {
        let (store, gate) = try await TestServer.openStore()
        let tally = AuditTally(store: store, turn: .seconds(60), lines: 10)
        tally.note(entry("login", at: Self.start))
        gate.goAway()
        await #expect(throws: StoreError.self) { try await tally.settle(.all, at: Self.start) }
        tally.note(entry("login", at: Self.start + .seconds(1)))
        gate.comeBack()
        try await tally.settle(.all, at: Self.start)
        #expect(try await TestServer.audit(of: store).map { $0.details["count"] } == [2])
    }

    @Test func linesHaveABoundAndTheRestIsCountedWithoutDetails() async throws {
        let (store, _) = try await TestServer.openStore()
        let tally = AuditTally(store: store, turn: .seconds(60), lines: 5)
        for number in 0..<1000 { tally.note(entry("login", at: Self.start, "192.0.2.\(number)")) }
        try await tally.settle(.all, at: Self.start)
        let written = try await TestServer.audit(of: store)
        #expect(written.count == 6)
        let rest = try #require(written.first { $0.actor.client.isEmpty })
        #expect(rest.details["count"] == 995 && rest.organization == nil && rest.action == .proveFailed)
    }
}
