internal import GRDB
internal import GatehouseCore
internal import HTTPTypes

/// Moves the events and deliveries of a store from the first form of their tables to the second (``SchemaTwo``).
///
/// The rows are copied in slices, each a transaction, into tables of their own, so that a move that was interrupted
/// continues where it was. The last transaction, a migration step, replaces the old tables by the new ones: until then
/// the store is in its first form, and an older version opens it.
struct SchemaMove {
    /// The step that ends the move, and the one before it.
    static let step = "0021 schema two"
    static let stepBefore = "0020 untold alarms"
    /// How many events or deliveries one transaction moves.
    static let slice = 5000

    let database: Database
    var slice = Self.slice
    private var prefix: String { SchemaTwo.prefix }

    /// Whether a store's file is in the first form and has to be moved.
    static func isDue(_ database: Database) throws -> Bool {
        let taken = try SQLiteSchema.migrator.appliedIdentifiers(database)
        return taken.contains(stepBefore) && !taken.contains(step)
    }

    /// How far a move is: moved and all rows.
    struct Progress {
        let moved: Int64
        let all: Int64
    }

    /// Creates the new tables, unless an interrupted move has.
    func begin() throws { try database.execute(sql: SchemaTwo.tables(prefix)) }

    func progress() throws -> Progress {
        func count(_ table: String) throws -> Int64 {
            try Int64.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
        return Progress(
            moved: try count("\(prefix)events") + count("\(prefix)formerDeliveries"),
            all: try count("events") + count("deliveries"))
    }

    /// Moves the next rows. Returns how many; 0 if none are left.
    func moveSlice() throws -> Int {
        let events = try moveEvents()
        return events > 0 ? events : try moveDeliveries()
    }

    // MARK: Events

    private func moveEvents() throws -> Int {
        let reached = try Int64.fetchOne(database, sql: "SELECT max(position) FROM \(prefix)events") ?? 0
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?",
            arguments: [reached, slice])
        guard !rows.isEmpty else { return 0 }
        let moments = Moments()
        try moments.load(database, prefix: prefix)
        for row in rows {
            try move(row)
            moments.note(row["position"], received: row["received"])
        }
        try moments.flush(in: database, prefix: prefix)
        return rows.count
    }

    private func move(_ row: Row) throws {
        let position: Int64 = row["position"]
        let (body, numbers) = Self.split(row.bytes("body"))
        let organization = try number(of: row["organization"])
        // A body that cannot be read is moved as it is: its deliveries are given up when they are attempted.
        let event = Event(stored: body)
        try database.cachedStatement(
            sql: """
                INSERT INTO \(prefix)events
                    (position, organization, id, kind, lane, duress, received, door, panel, numbers, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            position, organization, row.bytes("id").blob, row["kind"] as String,
            (event?.lane ?? .normal).rawValue, event?.isUnderDuress ?? false, row["received"] as Int64,
            event?.doorColumn, event?.panel?.text, numbers?.blob, body.blob,
        ])
        try database.cachedStatement(
            sql: "INSERT INTO \(prefix)seen (organization, source, id, position, digest) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            organization, row["source"] as String, row["sourceID"] as String, position, row.bytes("digest").blob,
        ])
    }

    private func number(of organization: String) throws -> Int64 {
        let find = try database.cachedStatement(sql: "SELECT number FROM \(prefix)organizationNumbers WHERE id = ?")
        if let number = try Int64.fetchOne(find, arguments: [organization]) { return number }
        try database.execute(
            sql: "INSERT INTO \(prefix)organizationNumbers (id) VALUES (?)", arguments: [organization])
        return database.lastInsertedRowID
    }

    /// Splits a body of the first form: the numbers of its names were its last member, after the position.
    static func split(_ body: [UInt8]) -> (body: [UInt8], numbers: [UInt8]?) {
        let name = Array(#","numbers":{"#.utf8)
        guard body.last == UInt8(ascii: "}"), body.count > name.count,
            let start = (0...(body.count - name.count)).last(where: { body[$0...].starts(with: name) }),
            let json = try? JSONParser.parse(Array(body[(start + name.count - 1)..<(body.count - 1)])),
            var members = json.object
        else { return (body, nil) }
        members["event"] = nil
        let numbers = members.isEmpty ? nil : JSON.object(members).bytes
        return (Array(body[..<start]) + [UInt8(ascii: "}")], numbers)
    }

    // MARK: Deliveries

    private func moveDeliveries() throws -> Int {
        let reached = try Int64.fetchOne(database, sql: "SELECT max(number) FROM \(prefix)formerDeliveries") ?? 0
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT d.*, e.id AS eventID FROM deliveries d LEFT JOIN \(prefix)events e ON e.position = d.event
                WHERE d.id > ? ORDER BY d.id LIMIT ?
                """, arguments: [reached, slice])
        guard !rows.isEmpty else { return 0 }
        let forms = HeaderForms()
        try forms.load(database, prefix: prefix)
        for row in rows { try moveDelivery(row, forms) }
        return rows.count
    }

    private func moveDelivery(_ row: Row, _ forms: HeaderForms) throws {
        let id = try DeliveryID(EventPosition(row["event"]), row["subscription"], round: round(of: row))
        let number: Int64 = row["id"]
        let event = row["eventID"] == nil ? nil : EventID(bytes: row.bytes("eventID"))
        let attempts = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM attempts WHERE delivery = ? ORDER BY number, lease"),
            arguments: [number])
        var inside: (row: Row, form: Int64)?
        for attempt in attempts {
            let form = try form(of: attempt, event, forms)
            if let form, inside == nil, row["state"] == StateCode.delivered, Self.isBrief(attempt) {
                inside = (attempt, form)
            } else {
                try move(attempt, of: id, form)
            }
        }
        try insert(id, row, inside)
        try database.cachedStatement(
            sql: "INSERT INTO \(prefix)formerDeliveries (number, event, subscription, round) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [number] + id.arguments)
    }

    private func insert(_ id: DeliveryID, _ row: Row, _ inside: (row: Row, form: Int64)?) throws {
        let first = inside?.row
        let arguments: StatementArguments = [
            row["lane"] as Int64, row["state"] as Int64, row["due"] as Int64, row["lease"] as Int64?,
            row["attempts"] as Int64, row["spent"] as Int64, row["reason"] as String?, row["created"] as Int64,
            first?["lease"] as Int64?, first?["started"] as Int64?, first?["duration"] as Int64?,
            first?["status"] as Int64?, first?["level"] as Int64?, inside?.form,
            (first.flatMap { $0["excerpt"] == nil ? nil : $0.bytes("excerpt") })?.blob,
        ]
        try database.cachedStatement(
            sql: """
                INSERT INTO \(prefix)deliveries
                    (event, subscription, round, lane, state, due, lease, attempts, spent, reason, created, tried,
                     started, duration, status, level, form, excerpt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: id.arguments + arguments)
    }

    /// What the event owed is round 0; deliveries of replays follow in the order of their creation.
    private func round(of row: Row) throws -> Int {
        let statement = try database.cachedStatement(
            sql: "SELECT max(round) FROM \(prefix)deliveries WHERE event = ? AND subscription = ?")
        let last = try Int.fetchOne(
            statement, arguments: [row["event"] as Int64, row["subscription"] as Int64])
        let isReplay: Bool = row["replay"]
        return last.map { $0 + 1 } ?? (isReplay ? 1 : 0)
    }

    /// The number of the form of an attempt's header fields; nil if they stay with it.
    private func form(of attempt: Row, _ event: EventID?, _ forms: HeaderForms) throws -> Int64? {
        guard let event, let fields = HTTPFields(stored: attempt.bytes("headers")) else { return nil }
        let values = HeaderValues(
            event: event, started: Instant(microseconds: attempt["started"]), number: attempt["number"])
        return try forms.number(of: values.form(of: fields), in: database, prefix: prefix)
    }

    private static func isBrief(_ attempt: Row) -> Bool {
        let status: Int = attempt["status"] ?? 0
        let excerpt = attempt["excerpt"] == nil ? 0 : attempt.bytes("excerpt").count
        return attempt["number"] == 1 && (200..<300).contains(status) && attempt["note"] == nil
            && excerpt <= AttemptRow.briefest
    }

    private func move(_ attempt: Row, of id: DeliveryID, _ form: Int64?) throws {
        let arguments: StatementArguments = [
            attempt["number"] as Int64, attempt["lease"] as Int64, attempt["started"] as Int64,
            attempt["duration"] as Int64, attempt["outcome"] as String, attempt["status"] as Int64?,
            attempt["note"] as String?, (attempt["excerpt"] == nil ? nil : attempt.bytes("excerpt"))?.blob,
            attempt["level"] as Int64?, form, form == nil ? attempt.bytes("headers").blob : nil,
        ]
        try database.cachedStatement(
            sql: """
                INSERT INTO \(prefix)attempts
                    (event, subscription, round, number, lease, started, duration, outcome, status, note, excerpt,
                     level, form, headers)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: id.arguments + arguments)
    }

    // MARK: The end

    /// Moves what is left, and replaces the old tables: the migration step itself.
    func finish() throws {
        try begin()
        while try moveSlice() > 0 {}
        try countOdometers()
        try moveDeaths()
        for table in ["attempts", "deliveries", "events"] { try database.execute(sql: "DROP TABLE \(table)") }
        for table in SchemaTwo.names {
            try database.execute(sql: "ALTER TABLE \(prefix)\(table) RENAME TO \(table)")
        }
        try database.execute(sql: SchemaTwo.indexes)
        try database.execute(
            sql: """
                INSERT INTO marks (name, number) VALUES ('tries', 0);
                ALTER TABLE subscriptions ADD COLUMN lastEvent INTEGER;
                UPDATE subscriptions SET lastEvent = (SELECT coalesce(max(position), 0) FROM events)
                    WHERE deleted IS NOT NULL;
                """)
    }

    /// Counts the deliveries that no sum has yet: sums go up to a position from now on.
    private func countOdometers() throws {
        try database.execute(
            sql: """
                INSERT INTO odometers (subscription, folded)
                    SELECT subscription, count(*) FROM deliveries
                    WHERE id > (SELECT delivery FROM folds) AND replay = 0 GROUP BY subscription
                    ON CONFLICT (subscription) DO UPDATE SET folded = folded + excluded.folded;
                DROP TABLE folds;
                CREATE TABLE folds (position INTEGER NOT NULL) STRICT;
                INSERT INTO folds (position) SELECT coalesce(max(position), 0) FROM events;
                """)
    }

    private func moveDeaths() throws {
        try database.execute(
            sql: """
                CREATE TABLE moving_deaths (
                    event INTEGER NOT NULL, subscription INTEGER NOT NULL, round INTEGER NOT NULL,
                    PRIMARY KEY (event, subscription, round)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO moving_deaths (event, subscription, round)
                    SELECT f.event, f.subscription, f.round FROM deaths d
                    JOIN \(prefix)formerDeliveries f ON f.number = d.delivery;
                DROP TABLE deaths;
                ALTER TABLE moving_deaths RENAME TO deaths;
                CREATE INDEX deaths_of_subscription ON deaths (subscription);
                ALTER TABLE health ADD COLUMN lastDeadEvent INTEGER;
                ALTER TABLE health ADD COLUMN lastDeadRound INTEGER;
                UPDATE health SET (lastDeadEvent, lastDeadRound) =
                    (SELECT event, round FROM \(prefix)formerDeliveries WHERE number = lastDead);
                ALTER TABLE health DROP COLUMN lastDead;
                """)
    }
}
