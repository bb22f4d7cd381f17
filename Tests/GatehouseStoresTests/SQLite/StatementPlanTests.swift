import Testing

@testable import GatehouseStores

/// The check of plans finds what it is for, and the writer's frequent statements pass it too.
@Suite struct StatementPlanTests {
    /// These statements are prepared on SQLite's connection itself, so no trace has them.
    @Test(arguments: HotSQL.allCases) func frequentStatementReadsNoWholeTable(_ sql: HotSQL) throws {
        #expect(try StatementPlans.findings(sql.text) == [])
    }

    @Test(arguments: [
        "SELECT count(*) FROM events WHERE received > ?", "SELECT 1 FROM deliveries d WHERE d.subscription = ?",
        "UPDATE deliveries SET state = 4 WHERE subscription = ?", "DELETE FROM attempts WHERE started < ?",
        "SELECT e.body FROM seen s JOIN events e ON e.position = s.position",
    ])
    func readingAWholeTableIsFound(_ sql: String) throws {
        #expect(try StatementPlans.findings(sql).isEmpty == false)
    }

    @Test func statementWithoutAPlanIsAnError() {
        #expect(throws: (any Error).self) { try StatementPlans.findings("SELECT nothing FROM events") }
    }
}
