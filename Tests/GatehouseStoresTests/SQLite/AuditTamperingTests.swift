import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// A person who writes into the file without the gateway is found out.
@Suite struct AuditTamperingTests {
    /// Three commits of two entries, one and two: 1 and 2, 3, 4 and 5.
    private func withAudit(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        for numbers in [1...2, 3...3, 4...5] {
            let memory = store.memory
            try await store.write(.applyChange) { database in
                for number in numbers {
                    try AuditWork(database: database, memory: memory)
                        .note(AuditConformanceTests.entry("\(number)", at: number))
                }
            }
        }
        try await body(store)
        await store.close()
    }

    @Test func linkIsWrittenPerCommitAndNotPerEntry() async throws {
        try await withAudit { store in
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.entries == 5 && proof.links == 3 && proof.broken == nil)
        }
    }

    private static let actions: [(sql: String, broken: Int64)] = [
        ("UPDATE audit SET body = CAST(replace(CAST(body AS TEXT), 'change', 'remove') AS BLOB) WHERE number = 3", 3),
        ("UPDATE audit SET time = time + 1 WHERE number = 4", 4),
        ("UPDATE audit SET organization = NULL WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 1), ("DELETE FROM audit WHERE number = 1", 2),
        ("DELETE FROM audit WHERE number = 3", 3), ("DELETE FROM audit WHERE number = 5", 4),
        ("DELETE FROM auditLinks WHERE last = 2", 1), ("DELETE FROM auditLinks WHERE last = 5", 4),
        ("UPDATE auditLinks SET hash = zeroblob(32) WHERE last = 3", 3),
        ("UPDATE auditLinks SET last = 1 WHERE last = 2", 1),
        ("UPDATE audit SET number = 9 WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 5;", 4),
        ("INSERT INTO audit (time, organization, body) SELECT time, organization, body FROM audit WHERE number = 1", 6),
    ]

    @Test(arguments: actions)
    func changedEntryIsNamed(sql: String, broken: Int64) async throws {
        try await withAudit { store in
            try await store.write(.applyChange) { try $0.execute(sql: sql) }
            #expect(try await store.proveAudit(knowing: nil).broken == broken)
        }
    }

    private static let year = Retention().audit
    private static let now = Scene.start + .seconds(3600)

    @Test func completeAuditIsIntactFromTheFirstToTheLast() async throws {
        try await withAudit { store in
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.from?.number == 1 && proof.to?.number == 5 && proof.missing == 0)
            #expect(proof.isIntact && proof.warnings(keeping: Self.year, at: Self.now).isEmpty)
        }
    }

    /// If the mark of pruned entries is raised, the rest of the chain is valid.
    @Test func cutFrontCausesAWarning() async throws {
        try await withAudit { store in
            try await store.write(.applyChange) {
                try $0.execute(
                    sql: """
                        DELETE FROM audit WHERE number <= 3; DELETE FROM auditLinks WHERE last < 3;
                        UPDATE marks SET number = 3 WHERE name = 'audit';
                        """)
            }
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.broken == nil && proof.from?.number == 4 && proof.to?.number == 5 && proof.missing == 3)
            #expect(proof.warnings(keeping: Self.year, at: Self.now).count == 1)
            #expect(proof.warnings(keeping: Self.year, at: Self.now + Self.year).isEmpty, "it may be as old as that")
        }
    }

    @Test func prunedEntryCausesNoWarning() async throws {
        try await withAudit { store in
            let before = Scene.start + .seconds(4)
            var order = PruneOrder(.audit, before: before, deadBefore: before, limit: 100)
            order.time = Self.now
            #expect(try await store.prune(order).taken == [.audit: 3])
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.missing == 3 && proof.from?.number == 4)
            #expect(proof.warnings(keeping: .seconds(3500), at: Self.now).isEmpty)
            #expect(proof.warnings(keeping: Self.year, at: Self.now).count == 1, "it was younger than the retention")
            // Cut further: the gateway's own line mentions fewer entries.
            try await store.write(.applyChange) {
                try $0.execute(
                    sql: """
                        DELETE FROM audit WHERE number <= 5; DELETE FROM auditLinks WHERE last < 5;
                        UPDATE marks SET number = 5 WHERE name = 'audit';
                        """)
            }
            let cut = try await store.proveAudit(knowing: nil)
            #expect(cut.broken == nil && cut.warnings(keeping: .seconds(3500), at: Self.now).count == 1)
        }
    }

    @Test func emptiedAuditOrCutEndCausesAWarning() async throws {
        try await withAudit { store in
            try await store.write(.applyChange) {
                try $0.execute(sql: "DELETE FROM audit WHERE number > 3; DELETE FROM auditLinks WHERE last > 3;")
            }
            let cut = try await store.proveAudit(knowing: nil)
            #expect(cut.broken == nil && !cut.isIntact && cut.missing == 2 && cut.to?.number == 3)
            #expect(cut.warnings(keeping: Self.year, at: Self.now).count == 1)
            try await store.write(.applyChange) { try $0.execute(sql: "DELETE FROM audit; DELETE FROM auditLinks;") }
            let empty = try await store.proveAudit(knowing: nil)
            #expect(empty.broken == nil && !empty.isIntact && empty.from == nil && empty.missing == 5)
            #expect(!empty.warnings(keeping: Self.year, at: Self.now).isEmpty)
        }
    }

    @Test func intactEntriesBehindABreakAreReported() async throws {
        try await withAudit { store in
            try await store.write(.applyChange) {
                try $0.execute(sql: "UPDATE audit SET organization = NULL WHERE number = 3")
            }
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.broken == 3 && proof.from?.number == 4 && proof.to?.number == 5)
            try await store.write(.applyChange) {
                try $0.execute(sql: "UPDATE audit SET organization = NULL WHERE number = 5")
            }
            let whole = try await store.proveAudit(knowing: nil)
            #expect(whole.broken == 3 && whole.from == nil && whole.to == nil)
        }
    }

    /// The chain itself does not reveal that it was rewritten as a whole, but a head kept in another place does.
    @Test func earlierHeadProvesThatTheEndWasCutOff() async throws {
        try await withAudit { store in
            let head = try #require(try await store.proveAudit(knowing: nil).head)
            #expect(try await store.proveAudit(knowing: head).hasKnown == true)
            try await store.write(.applyChange) {
                try $0.execute(sql: "DELETE FROM audit WHERE number > 3; DELETE FROM auditLinks WHERE last > 3;")
            }
            let proof = try await store.proveAudit(knowing: head)
            #expect(proof.broken == nil && proof.hasKnown == false)
            // Later entries get new numbers, and are linked to the end that was written, not to the remaining one.
            let memory = store.memory
            try await store.write(.applyChange) { database in
                try AuditWork(database: database, memory: memory).note(AuditConformanceTests.entry("late"))
            }
            let later = try await store.proveAudit(knowing: nil)
            #expect(later.broken == 6 && later.missing == 2, "its link continues from the removed end")
            #expect(try await store.audit(AuditFilter(limit: 1)).first?.number == 6)
        }
    }
}
