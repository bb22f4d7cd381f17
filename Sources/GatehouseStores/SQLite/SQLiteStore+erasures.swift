internal import Foundation
internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func begin(_ wish: Erasure.Wish, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Erasure {
        let memory = memory
        let names = JSON.array(wish.organizations.map(\.text).sorted().map { .string($0) }).compact
        return try await write(.beginErasure) { database in
            let same = """
                SELECT * FROM erasures WHERE person = ? AND organization = ? AND organizations = ? AND isDryRun = ?
                AND ended IS NULL
                """
            let arguments: StatementArguments = [wish.person, wish.organization.text, names, wish.isDryRun]
            if let row = try Row.fetchOne(database, sql: same, arguments: arguments) { return try Self.erasure(row) }
            let newest = try Int64.fetchOne(database, sql: Watermarks.newestPosition) ?? 0
            try database.execute(
                sql: """
                    INSERT INTO erasures
                        (person, organization, organizations, isDryRun, begun, upTo, reached, events)
                    VALUES (?, ?, ?, ?, ?, ?, 0, 0)
                    """, arguments: arguments + [now.microseconds, newest])
            let number = database.lastInsertedRowID
            try AuditWork(database: database, memory: memory).note(audited)
            return Erasure(
                number: number, wish: wish, begun: now, upTo: EventPosition(newest), reached: EventPosition(0),
                events: 0, ended: nil)
        }
    }

    func erasures() async throws(StoreError) -> [Erasure] {
        try await read(.readErasures) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM erasures WHERE ended IS NULL ORDER BY number")
                .map { try Self.erasure($0) }
        }
    }

    func erasure(of person: String, in organization: OrganizationID) async throws(StoreError) -> Erasure? {
        try await read(.readErasure) { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM erasures WHERE person = ? AND organization = ? ORDER BY number DESC LIMIT 1",
                arguments: [person, organization.text]
            ).map { try Self.erasure($0) }
        }
    }

    /// Finds the person's events beside the writer, and writes through the writer.
    func advance(_ erasure: Int64, at now: Instant) async throws(StoreError) -> Erasure? {
        let found = try await read(.advanceErasure) { database -> (present: Erasure, slice: ErasureWork.Slice)? in
            guard let present = try Self.erasure(erasure, in: database) else { return nil }
            return (present, try ErasureWork(erasure: present, database: database).look())
        }
        guard let (present, slice) = found else { return nil }
        guard present.ended == nil else { return present }
        return try await write(.advanceErasure, Job.Size(rows: max(1, slice.blanked.count), isPrompt: false)) {
            database in
            try ErasureWork(erasure: present, database: database).write(slice, at: now)
            return try Self.erasure(erasure, in: database)
        }
    }

    private static func erasure(_ number: Int64, in database: Database) throws -> Erasure? {
        try Row.fetchOne(database, sql: "SELECT * FROM erasures WHERE number = ?", arguments: [number])
            .map { try erasure($0) }
    }

    private static func erasure(_ row: Row) throws -> Erasure {
        let names: String = row["organizations"]
        guard let organizations = (try? JSONParser.parse(Array(names.utf8)))?.items?.compactMap(\.text) else {
            throw StoreError.corrupt("an erasure names no organizations")
        }
        let wish = Erasure.Wish(
            person: row["person"], organization: OrganizationID(row["organization"]),
            organizations: Set(organizations.map { OrganizationID($0) }), isDryRun: row["isDryRun"])
        let ended: Int64? = row["ended"]
        return Erasure(
            number: row["number"], wish: wish, begun: Instant(microseconds: row["begun"]),
            upTo: EventPosition(row["upTo"]), reached: EventPosition(row["reached"]), events: row["events"],
            ended: ended.map { Instant(microseconds: $0) })
    }
}

/// One slice of an erasure.
struct ErasureWork {
    /// How many positions one slice reads.
    static let span: Int64 = 2000
    /// How many events that may be about the person one slice takes.
    static let most = 50

    let erasure: Erasure
    let database: Database

    struct Slice: Sendable {
        /// The blanked bodies, by position; empty if events are only counted.
        var blanked: [(position: Int64, body: [UInt8])] = []
        /// How many events of the person it contains.
        var events = 0
        var reached: Int64
    }

    /// The next events of the person, in their blanked form. The text of the id is searched first, without parsing; the
    /// event then decides whether it is the person's.
    func look() throws -> Slice {
        let upTo = erasure.upTo.number
        let next = try Int64.fetchOne(
            database, sql: "SELECT min(position) FROM events WHERE position > ?", arguments: [erasure.reached.number])
        guard let next, next <= upTo else { return Slice(reached: upTo) }
        let last = min(next + Self.span - 1, upTo)
        let names = JSON.array(erasure.wish.organizations.map { .string($0.text) }).compact
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT position, numbers, body FROM events NOT INDEXED
                WHERE position BETWEEN ? AND ?
                AND organization IN (
                    SELECT number FROM organizationNumbers WHERE id IN (SELECT value FROM json_each(?)))
                AND instr(body, ?) > 0 ORDER BY position LIMIT ?
                """, arguments: [next, last, names, needle.blob, Self.most])
        var slice = Slice(reached: rows.count < Self.most ? last : rows[Self.most - 1]["position"])
        for row in rows {
            // An unreadable event belongs to no person, and is never sent.
            guard let event = try? SQLiteStore.event(row), let erased = event.erased(erasure.wish.person) else {
                continue
            }
            slice.events += 1
            if !erasure.wish.isDryRun { slice.blanked.append((row["position"], erased.stored)) }
        }
        return slice
    }

    /// The id as in a stored event: as a text, as a part of one, or as a number.
    private var needle: [UInt8] { Array(JSON.string(erasure.wish.person).bytes.dropFirst().dropLast()) }

    /// Writes the slice if no other call has written it. Overwritten data is removed from the file too, not only from
    /// view.
    func write(_ slice: Slice, at now: Instant) throws {
        let isLast = slice.reached >= erasure.upTo.number
        try database.execute(
            sql: """
                UPDATE erasures SET reached = ?, events = events + ?, ended = ?
                WHERE number = ? AND reached = ? AND ended IS NULL
                """,
            arguments: [
                slice.reached, slice.events, isLast ? now.microseconds : nil, erasure.number, erasure.reached.number,
            ])
        guard database.changesCount == 1, !erasure.wish.isDryRun else { return }
        try database.execute(sql: "PRAGMA secure_delete = ON")
        defer { try? database.execute(sql: "PRAGMA secure_delete = FAST") }
        for (position, body) in slice.blanked {
            try database.cachedStatement(sql: "UPDATE events SET body = ? WHERE position = ?")
                .execute(arguments: [body.blob, position])
            try database.cachedStatement(
                sql: """
                    UPDATE attempts SET excerpt = NULL WHERE event = ? AND excerpt IS NOT NULL
                    """
            ).execute(arguments: [position])
            try database.cachedStatement(
                sql: "UPDATE deliveries SET excerpt = NULL WHERE event = ? AND excerpt IS NOT NULL"
            ).execute(arguments: [position])
        }
        if isLast { try blankCommands() }
    }

    /// Commands are stored with their caller; they are found by the index of repetition keys.
    private func blankCommands() throws {
        let person = erasure.wish.person
        let user = JSON.object(
            JSONObject([.init("id", .string(person)), .init("firstName", ""), .init("lastName", "")]))
        let names = JSON.array(erasure.wish.organizations.map { .string($0.text) }).compact
        try database.execute(
            sql: """
                UPDATE commands SET user = ?
                WHERE asker = ? AND organization IN (SELECT value FROM json_each(?))
                """, arguments: [user.compact, person, names])
    }
}
