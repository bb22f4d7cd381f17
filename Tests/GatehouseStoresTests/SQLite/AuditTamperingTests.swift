import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// Whoever writes into the file behind the gateway's back is found out.
@Suite struct AuditTamperingTests {
    /// Three commits of two entries, one and two: 1 and 2, 3, 4 and 5.
    private func withAudit(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        for numbers in [1...2, 3...3, 4...5] {
            let memory = store.memory
            try await store.write { database in
                for number in numbers {
                    try AuditWork(database: database, memory: memory)
                        .note(AuditConformanceTests.entry("\(number)", at: number))
                }
            }
        }
        try await body(store)
        await store.close()
    }

    @Test func aLinkIsWrittenForACommitAndNotForAnEntry() async throws {
        try await withAudit { store in
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.entries == 5 && proof.links == 3 && proof.broken == nil)
        }
    }

    private static let deeds: [(sql: String, broken: Int64)] = [
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

    @Test(arguments: deeds)
    func whatWasTamperedWithIsNamed(sql: String, broken: Int64) async throws {
        try await withAudit { store in
            try await store.write { try $0.execute(sql: sql) }
            #expect(try await store.proveAudit(knowing: nil).broken == broken)
        }
    }

    /// Who rewrites the whole chain is not found out by it, but by the head that somebody kept elsewhere.
    @Test func anEarlierHeadTellsThatTheEndWasCutOff() async throws {
        try await withAudit { store in
            let head = try #require(try await store.proveAudit(knowing: nil).head)
            #expect(try await store.proveAudit(knowing: head).hasKnown == true)
            try await store.write {
                try $0.execute(sql: "DELETE FROM audit WHERE number > 3; DELETE FROM auditLinks WHERE last > 3;")
            }
            let proof = try await store.proveAudit(knowing: head)
            #expect(proof.broken == nil && proof.hasKnown == false)
            // What comes later gets numbers of its own, and the chain goes on from where it was cut.
            let memory = store.memory
            try await store.write { database in
                try AuditWork(database: database, memory: memory).note(AuditConformanceTests.entry("late"))
            }
            #expect(try await store.proveAudit(knowing: nil).broken == nil)
            #expect(try await store.audit(AuditFilter(limit: 1)).first?.number == 6)
        }
    }
}
