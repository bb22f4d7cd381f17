internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord] {
        try await read(.readAudit) { database in
            let query = AuditQuery(filter)
            return try Row.fetchAll(database, sql: query.sql, arguments: StatementArguments(query.arguments)).map {
                row in
                guard let entry = AuditEntry(stored: row.bytes("body")) else {
                    throw StoreError.corrupt("an entry of the audit cannot be read")
                }
                return AuditRecord(number: row["number"], entry: entry)
            }
        }
    }

    func note(_ entries: [AuditEntry]) async throws(StoreError) {
        let memory = memory
        try await write(.noteAudit, Job.Size(rows: entries.count)) { database in
            let work = AuditWork(database: database, memory: memory)
            for entry in entries { try work.note(entry) }
        }
    }

    func proveAudit(knowing known: [UInt8]?) async throws(StoreError) -> AuditProof {
        try await read(.proveAudit) { database in
            var check = AuditCheck(known: known)
            try check.expect(AuditedThings(in: database), end: AuditEnd(in: database))
            let links = try Row.fetchCursor(database, sql: "SELECT last, hash FROM auditLinks ORDER BY last")
            var link = try links.next()
            let pruned = try Watermarks.audit.number(in: database)
            if pruned > 0 {
                check.begin(behind: pruned, link.map { ($0["last"], $0.bytes("hash")) })
                if link?["last"] == pruned { link = try links.next() }
            }
            let entries = try Row.fetchCursor(
                database, sql: "SELECT number, time, organization, body FROM audit ORDER BY number")
            while let entry = try entries.next() {
                while let present = link, present["last"] < (entry["number"] as Int64) {
                    check.close(present["last"], present.bytes("hash"))
                    link = try links.next()
                }
                check.take(entry)
            }
            while let present = link {
                check.close(present["last"], present.bytes("hash"))
                link = try links.next()
            }
            // Numbers are given in sequence and never again, so this is the number of entries that ever existed.
            let written = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
            return check.proof(written: written ?? 0)
        }
    }
}

/// Writes entries, in the commit of the change that they describe.
struct AuditWork {
    let database: Database
    let memory: WriterMemory

    func note(_ entry: AuditEntry?) throws {
        guard let entry else { return }
        memory.hasUnlinkedAudit = true
        try database.cachedStatement(sql: "INSERT INTO audit (time, organization, body) VALUES (?, ?, ?)")
            .execute(arguments: [entry.time.microseconds, entry.organization?.text, entry.stored.blob])
    }

    /// Links the entries of a commit to the chain, at its end: one link for all its jobs together. The entries are read
    /// back, because the entry of a refused job was removed with it.
    ///
    /// The chain continues from the copy of its end, so that no link is valid after a chain that was cut short,
    /// emptied or rewritten.
    static func link(in database: Database) throws {
        let last = try Int64.fetchOne(database, sql: "SELECT max(last) FROM auditLinks")
        let rows = try Row.fetchAll(
            database, sql: "SELECT number, body FROM audit WHERE number > ? ORDER BY number", arguments: [last ?? 0])
        guard let number: Int64 = rows.last?["number"] else { return }
        var chain = AuditChain(from: try AuditEnd(in: database)?.link)
        for row in rows { chain.take(number: row["number"], row.bytes("body")) }
        let end = AuditEnd(number: number, link: chain.close())
        try database.execute(
            sql: "INSERT INTO auditLinks (last, hash) VALUES (?, ?)", arguments: [number, end.link.blob])
        try end.keep(in: database)
    }
}

/// The statement for a filter.
private struct AuditQuery {
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []
    private var conditions: [String] = []
    private let limit: Int

    init(_ filter: AuditFilter) {
        limit = min(max(filter.limit, 1), 1000)
        if let since = filter.since { add("time >= ?", since.microseconds) }
        if let until = filter.until { add("time < ?", until.microseconds) }
        if let before = filter.before { add("number < ?", before) }
        if let organizations = filter.organizations {
            let names = JSON.array(organizations.map { .string($0.text) }).compact
            add("organization IN (SELECT value FROM json_each(?))", names)
        }
    }

    var sql: String {
        let filtered = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return "SELECT number, body FROM audit\(filtered) ORDER BY number DESC LIMIT \(limit)"
    }

    private mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        conditions.append(condition)
        arguments.append(value)
    }
}
