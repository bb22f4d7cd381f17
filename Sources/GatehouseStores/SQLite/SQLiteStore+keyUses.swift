internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func keyUses() async throws(StoreError) -> [KeyID: Instant] {
        try await read(.readKeyUses) { database in
            let rows = try Row.fetchAll(database, sql: "SELECT id, lastUsed FROM keys WHERE lastUsed IS NOT NULL")
            return Dictionary(
                rows.map { (KeyID($0["id"]), Instant(microseconds: $0["lastUsed"])) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    func keep(_ uses: [KeyID: Instant]) async throws(StoreError) {
        guard !uses.isEmpty else { return }
        try await write(.keepKeyUses, Job.Size(rows: uses.count)) { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE keys SET lastUsed = ? WHERE id = ? AND coalesce(lastUsed, ?) <= ?")
            for (id, used) in uses {
                let instant = used.microseconds
                try statement.execute(arguments: [instant, id.text, instant, instant])
            }
        }
    }
}
