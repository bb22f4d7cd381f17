internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func tokenKeys() async throws(StoreError) -> [TokenKey] {
        try await read(.readTokenKeys) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM tokenKeys ORDER BY created, id").map { row in
                TokenKey(
                    id: TokenKeyID(row["id"]), privateKey: Secret(row["privateKey"]),
                    created: Instant(microseconds: row["created"]))
            }
        }
    }

    func removeTokenKeys(olderThan instant: Instant) async throws(StoreError) {
        try await write(.removeTokenKeys) { database in
            try database.execute(
                sql: "DELETE FROM tokenKeys WHERE created < ?", arguments: [instant.microseconds])
        }
    }
}
