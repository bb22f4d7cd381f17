internal import GRDB
internal import GatehouseCore

/// The last entry and the last link of the audit, as they are kept in a second place, in the commit of that link.
struct AuditEnd {
    let number: Int64
    let link: [UInt8]

    init(number: Int64, link: [UInt8]) {
        self.number = number
        self.link = link
    }

    /// Reads it; nil where it was taken out of the store.
    init?(in database: Database) throws {
        guard let row = try Row.fetchOne(database, sql: "SELECT number, hash FROM auditEnd") else { return nil }
        self.init(number: row["number"], link: row.bytes("hash"))
    }

    /// Writes it in the place of the one before.
    func keep(in database: Database) throws {
        try database.execute(sql: "UPDATE auditEnd SET number = ?, hash = ?", arguments: [number, link.blob])
    }
}
