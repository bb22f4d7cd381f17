internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func add(_ session: StoredSession, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        let memory = memory
        try await write(.addSession) { database in
            try database.execute(sql: "DELETE FROM sessions WHERE expires <= ?", arguments: [now.microseconds])
            try database.execute(
                sql: "INSERT OR REPLACE INTO sessions (hash, key, expires) VALUES (?, ?, ?)",
                arguments: [session.hash.blob, session.key.text, session.expires.microseconds])
            try AuditWork(database: database, memory: memory).note(audited)
        }
    }

    func session(_ hash: [UInt8]) async throws(StoreError) -> StoredSession? {
        try await read(.readSession) { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM sessions WHERE hash = ?", arguments: [hash.blob])
            return row.map { row in
                StoredSession(
                    hash: hash, key: KeyID(row["key"]), expires: Instant(microseconds: row["expires"]))
            }
        }
    }

    func removeSession(_ hash: [UInt8]) async throws(StoreError) {
        try await write(.removeSession) { database in
            try database.execute(sql: "DELETE FROM sessions WHERE hash = ?", arguments: [hash.blob])
        }
    }
}
