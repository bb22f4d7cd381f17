internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord] {
        try await read { database in
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
        try await write(Job.Size(rows: entries.count)) { database in
            let work = AuditWork(database: database, memory: memory)
            for entry in entries { try work.note(entry) }
        }
    }

    func proveAudit(knowing known: [UInt8]?) async throws(StoreError) -> AuditProof {
        try await read { database in
            var check = AuditCheck(known: known)
            let links = try Row.fetchCursor(database, sql: "SELECT last, hash FROM auditLinks ORDER BY last")
            var link = try links.next()
            let pruned = try Marks.audit.number(in: database)
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
            // Numbers are given in turn and never again, so this is how many there ever were.
            let written = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
            return check.proof(written: written ?? 0)
        }
    }
}

/// Writes what was done, in the commit in which it is done.
struct AuditWork {
    let database: Database
    let memory: WriterMemory

    func note(_ entry: AuditEntry?) throws {
        guard let entry else { return }
        memory.hasUnlinkedAudit = true
        try database.cachedStatement(sql: "INSERT INTO audit (time, organization, body) VALUES (?, ?, ?)")
            .execute(arguments: [entry.time.microseconds, entry.organization?.text, entry.stored.blob])
    }

    /// Links what the commit has brought to what was there, at its end: one link for all its jobs together. Read back,
    /// since a job that was refused has taken its entry with it.
    static func link(in database: Database) throws {
        let last = try Row.fetchOne(database, sql: "SELECT last, hash FROM auditLinks ORDER BY last DESC LIMIT 1")
        let rows = try Row.fetchAll(
            database, sql: "SELECT number, body FROM audit WHERE number > ? ORDER BY number",
            arguments: [last?["last"] ?? 0])
        guard let end: Int64 = rows.last?["number"] else { return }
        var chain = AuditChain(from: last?.bytes("hash"))
        for row in rows { chain.take(number: row["number"], row.bytes("body")) }
        try database.execute(
            sql: "INSERT INTO auditLinks (last, hash) VALUES (?, ?)", arguments: [end, chain.close().blob])
    }
}

/// Goes through entries and links in the order of their numbers.
private struct AuditCheck {
    let known: [UInt8]?
    private var chain = AuditChain()
    private var entries = 0
    private var links = 0
    private var hasKnown = false
    private var broken: Int64?
    /// The last entry that was pruned.
    private var prunedUpTo: Int64?
    /// The first and the last entry since the last link.
    private var open: (first: Int64, last: AuditProof.Place)?
    /// The first entry, the first from which on all are as they were written, and the last that a link holds.
    private var first: AuditProof.Place?
    private var from: AuditProof.Place?
    private var to: AuditProof.Place?
    private var pruning: AuditProof.Pruning?

    init(known: [UInt8]?) {
        self.known = known
    }

    /// Begins behind what was pruned: with the link that ended it, which must be there and be the first.
    mutating func begin(behind pruned: Int64, _ link: (last: Int64, hash: [UInt8])?) {
        prunedUpTo = pruned
        guard let link, link.last == pruned else { return fail(pruned) }
        chain = AuditChain(from: link.hash)
        if link.hash == known { hasKnown = true }
    }

    /// The columns by which entries are found must say what the entry says.
    mutating func take(_ row: Row) {
        let number: Int64 = row["number"]
        let body = row.bytes("body")
        let entry = AuditEntry(stored: body)
        let organization: String? = row["organization"]
        let place = AuditProof.Place(number, Instant(microseconds: row["time"]))
        first = first ?? place
        from = from ?? place
        if number <= prunedUpTo ?? 0 { fail(number) }
        if entry?.time.microseconds != (row["time"] as Int64) || entry?.organization?.text != organization {
            fail(number)
        }
        if let told = entry?.pruning { pruning = told }
        entries += 1
        open = (open?.first ?? number, place)
        chain.take(number: number, body)
    }

    mutating func close(_ last: Int64, _ hash: [UInt8]) {
        links += 1
        if chain.close() != hash || open?.last.number != last { fail(open?.first ?? last) }
        if hash == known { hasKnown = true }
        if from != nil { to = open?.last ?? to }
        open = nil
        // What comes after a break is held against the links as they stand, so that the first break alone is named.
        chain = AuditChain(from: hash)
    }

    func proof(written: Int64) -> AuditProof {
        var proof = AuditProof(
            entries: entries, links: links, head: links == 0 && prunedUpTo == nil ? nil : chain.link,
            hasKnown: known.flatMap { _ in hasKnown ? true : prunedUpTo == nil ? false : nil },
            broken: broken ?? open?.first, prunedUpTo: prunedUpTo)
        proof.first = first
        proof.written = max(written, open?.last.number ?? to?.number ?? 0)
        // Entries that no link holds may have been put there.
        if let from, let to, from.number <= to.number { (proof.from, proof.to) = (from, to) }
        proof.pruning = pruning
        return proof
    }

    private mutating func fail(_ number: Int64) {
        if broken == nil { broken = number }
        (from, to) = (nil, nil)
    }
}

extension AuditEntry {
    /// What ``AuditPruning`` wrote; nil for any other entry.
    fileprivate var pruning: AuditProof.Pruning? {
        guard deed == .prune, sort == .store, id == Prunable.audit.rawValue, let upTo = details["upTo"]?.integer,
            let newest = details["newest"]?.text.flatMap({ EventTime($0) })?.instant
        else { return nil }
        return AuditProof.Pruning(upTo: upTo, newest: newest)
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
