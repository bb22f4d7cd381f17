internal import GRDB
internal import GatehouseCore

/// One slice of the audit to delete. The deletion is an entry of its own, in the same commit, so that a verification
/// can distinguish pruned entries from removed ones.
struct AuditPruning {
    let order: PruneOrder
    let database: Database

    /// The last entry that may be deleted: the end of the last link with only old entries; nil if there is none. Linked
    /// entries never change, so this holds until the deletion.
    func find() throws -> Int64? {
        var last = try Watermarks.audit.number(in: database)
        var found: Int64?
        let links = try Int64.fetchCursor(
            database, sql: "SELECT last FROM auditLinks WHERE last > ? ORDER BY last LIMIT ?",
            arguments: [last, order.limit])
        var entries = 0
        var before = order.before - (order.after == nil ? order.slack : .zero)
        while let link = try links.next(), entries < order.limit {
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*) AS n, max(time) AS newest FROM audit WHERE number > ? AND number <= ?",
                arguments: [last, link])
            guard let row, let newest: Int64 = row["newest"], newest < before.microseconds else { break }
            before = order.before
            entries += row["n"] as Int
            (last, found) = (link, link)
        }
        return found
    }

    func take(upTo last: Int64, _ memory: WriterMemory) throws -> PruneSlice {
        let newest = try Int64.fetchOne(
            database, sql: "SELECT max(time) FROM audit WHERE number <= ?", arguments: [last])
        if order.after == nil { try AuditedThings.forgetGone(in: database) }
        try AuditedThings.exempt(upTo: last, in: database)
        try database.execute(sql: "DELETE FROM audit WHERE number <= ?", arguments: [last])
        let count = database.changesCount
        try database.execute(sql: "DELETE FROM auditLinks WHERE last < ?", arguments: [last])
        try Watermarks.audit.reach(last, in: database)
        if let newest, count > 0 {
            var entry = AuditEntry(.prune, .store, Prunable.audit.rawValue, of: nil, by: .gateway, at: order.time)
            entry.details["count"] = .integer(count)
            entry.details["upTo"] = .integer(last)
            entry.details["newest"] = .string(RFC3339.text(Instant(microseconds: newest)))
            try AuditWork(database: database, memory: memory).note(entry)
        }
        return PruneSlice([.audit: count], next: PrunePlace(last, 0))
    }
}
