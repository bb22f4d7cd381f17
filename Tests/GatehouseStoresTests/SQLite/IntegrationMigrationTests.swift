import Foundation
import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// The effect of the upgrade to integrations on a store with older subscriptions.
@Suite struct IntegrationMigrationTests {
    private struct Row {
        let id: String
        let organization: String
        let dialect: String
        let secret: String?
        var scope = #""recursive""#
        var deleted: Int64?

        var terms: String {
            let secret = secret.map { #","secret":"\#($0)""# } ?? ""
            return #"{"name":"Añä \"x\"","dialect":"\#(dialect)","scope":\#(scope),"number":1.50\#(secret)}"#
        }
    }

    private static let rows = [
        Row(id: "gone", organization: "acme", dialect: "oneupvision", secret: "of one that is gone", deleted: 5),
        Row(id: "first", organization: "acme", dialect: "oneupvision", secret: "the oldest"),
        Row(id: "second", organization: "acme", dialect: "oneupvision", secret: "its own", scope: #"["p1"]"#),
        Row(id: "only", organization: "left", dialect: "oneupvision", secret: "kept", deleted: 9),
        Row(id: "other", organization: "acme", dialect: "standard", secret: "whsec_x"),
        Row(id: "bare", organization: "bare", dialect: "oneupvision", secret: nil, scope: #""this""#),
    ]

    private func upgraded() throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue, upTo: "0013 replays")
        try queue.write { database in
            for row in Self.rows {
                try database.execute(
                    sql: """
                        INSERT INTO subscriptions (id, organization, terms, hold, revision, created, deleted)
                        VALUES (?, ?, ?, 'none', 1, 0, ?)
                        """,
                    arguments: [row.id, row.organization, Array(row.terms.utf8).databaseBlob, row.deleted])
            }
        }
        try SQLiteSchema.migrator.migrate(queue)
        return queue
    }

    @Test func organizationKeepsItsIDAndItsOldestSecret() throws {
        let found = try upgraded().read { database in
            try GRDB.Row.fetchAll(database, sql: "SELECT * FROM integrations ORDER BY organization").map { row in
                "\(row["organization"] as String) \(row["dialect"] as String) \(row["id"] as String? ?? "-") "
                    + "\(row["secret"] as String) \(row["revision"] as Int64)"
            }
        }
        #expect(found == ["acme oneupvision - the oldest 1", "left oneupvision - kept 1"])
    }

    @Test func subscriptionLosesTheOrganizationsBelowAndKeepsItsSecret() throws {
        let terms = try upgraded().read { database in
            try GRDB.Row.fetchAll(database, sql: "SELECT id, CAST(terms AS TEXT) AS terms FROM subscriptions").map {
                ($0["id"] as String, $0["terms"] as String)
            }
        }
        let byID = Dictionary(terms, uniquingKeysWith: { first, _ in first })
        for row in Self.rows {
            let isNarrowed = row.dialect == "oneupvision" && row.scope.contains("recursive")
            let wanted = isNarrowed ? row.terms.replacing("recursive", with: "this") : row.terms
            #expect(byID[row.id] == wanted)
        }
    }
}

extension [UInt8] {
    /// The bytes as the store keeps terms.
    fileprivate var databaseBlob: DatabaseValue { withUnsafeBytes { Data($0) }.databaseValue }
}
