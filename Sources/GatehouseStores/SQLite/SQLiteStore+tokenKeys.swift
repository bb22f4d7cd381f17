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

    func add(_ key: TokenKey) async throws(StoreError) {
        try await write(.addTokenKey) { database in
            do {
                try database.execute(
                    sql: "INSERT INTO tokenKeys (id, privateKey, created) VALUES (?, ?, ?)",
                    arguments: [key.id.text, key.privateKey.revealed, key.created.microseconds])
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw StoreError.conflict(index: nil, "the id \(key.id) is taken")
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
