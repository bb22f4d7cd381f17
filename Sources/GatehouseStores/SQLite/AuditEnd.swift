internal import GRDB
internal import GatehouseCore

/// The last entry and the last link of the audit, stored a second time in the commit of that link.
struct AuditEnd {
    let number: Int64
    let link: [UInt8]

    init(number: Int64, link: [UInt8]) {
        self.number = number
        self.link = link
    }

    /// Reads it; nil if it was removed from the store.
    init?(in database: Database) throws {
        guard let row = try Row.fetchOne(database, sql: "SELECT number, hash FROM auditEnd") else { return nil }
        self.init(number: row["number"], link: row.bytes("hash"))
    }

    /// Writes it in place of the previous one.
    func keep(in database: Database) throws {
        try database.execute(sql: "UPDATE auditEnd SET number = ?, hash = ?", arguments: [number, link.blob])
    }
}
