import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// How SQLite finds the feed's events: never by reading the whole table.
@Suite struct FeedPlanTests {
    private static let range: ClosedRange<Int64> = 5...9

    private static func filter(_ change: (inout FeedFilter) -> Void) -> FeedFilter {
        var filter = FeedFilter(limit: 10)
        change(&filter)
        return filter
    }

    private static func organizations(_ count: Int) -> Set<OrganizationID> {
        Set((0..<count).map { OrganizationID("o\($0)") })
    }

    private static func rest(_ filter: inout FeedFilter) {
        filter.kinds = KindSet([.doorForced])
        filter.doors = [DoorID("d")]
        filter.since = Scene.start
        filter.until = Scene.start
    }

    /// Statements, and the expected text of their plans.
    private static let statements: [(String, FeedStatement, String)] = [
        ("next of all", .next(behind: 7), "SEARCH events USING INTEGER PRIMARY KEY (rowid>?)"),
        (
            "next of one", .next(of: OrganizationID("o"), behind: 7),
            "SEARCH events USING COVERING INDEX events_of_organization (organization=? AND rowid>?)"
        ),
        (
            "end of one", .end(of: OrganizationID("o"), from: 7, after: 9),
            "SEARCH events USING COVERING INDEX events_of_organization (organization=? AND rowid>?)"
        ),
        (
            "by hours", .next(within: filter(rest), from: 7),
            "SEARCH events USING COVERING INDEX events_by_received (received>? AND received<?)"
        ),
        ("all", FeedStatement(filter { _ in }, range, limit: 10), "SEARCH events USING INTEGER PRIMARY KEY (rowid>?"),
        ("some", FeedStatement(filter(rest), range, limit: 10), "SEARCH events USING INTEGER PRIMARY KEY (rowid>?"),
        (
            "few organizations", FeedStatement(filter { $0.organizations = organizations(16) }, range, limit: 10),
            "USING COVERING INDEX events_of_organization (organization=? AND rowid>? AND rowid<?)"
        ),
        (
            "many organizations", FeedStatement(filter { $0.organizations = organizations(17) }, range, limit: 10),
            "SEARCH events USING INTEGER PRIMARY KEY (rowid>?"
        ),
    ]

    @Test(arguments: statements.indices) func noStatementReadsTheWholeTable(_ place: Int) async throws {
        let (name, statement, wanted) = Self.statements[place]
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/gatehouse.db", settings: StoreSettings())
            let plan = try await store.read(.readDirectory) { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + statement.sql,
                    arguments: StatementArguments(statement.arguments)
                ).map { row -> String in row["detail"] }
            }
            await store.close()
            #expect(plan.contains { $0.contains(wanted) }, "\(name): \(plan)")
            #expect(!plan.contains { $0.hasPrefix("SCAN events") }, "\(name): \(plan)")
        }
    }
}
