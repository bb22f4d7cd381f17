internal import GRDB
internal import GRDBSQLite
internal import GatehouseCore

/// The writer's frequent statements, each prepared once on its connection.
///
/// Only the writer's thread uses them. They are finalized before the connection is closed.
final class HotStatements {
    private var prepared = [HotStatement?](repeating: nil, count: HotSQL.allCases.count)

    func statement(_ sql: HotSQL, in database: Database) throws -> HotStatement {
        if let statement = prepared[sql.rawValue] { return statement }
        let statement = try HotStatement(sql.text, on: database)
        prepared[sql.rawValue] = statement
        return statement
    }

    func finalize() {
        for statement in prepared { statement?.finalize() }
        prepared = [HotStatement?](repeating: nil, count: HotSQL.allCases.count)
    }
}

/// A prepared statement of SQLite, bound by the order of its arguments.
///
/// GRDB's statements look up each SQL text by its hash and put each argument and each blob into a box: a third of the
/// writer's time.
final class HotStatement {
    private var handle: OpaquePointer?
    private let connection: OpaquePointer?
    private var arguments: Int32 = 0
    private var column: Int32 = 0

    fileprivate init(_ sql: String, on database: Database) throws {
        connection = database.sqliteConnection
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    fileprivate func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    // MARK: Arguments, in their order

    @discardableResult
    func bind(_ value: Int64) -> HotStatement {
        arguments += 1
        sqlite3_bind_int64(handle, arguments, value)
        return self
    }

    @discardableResult
    func bind(_ value: Int) -> HotStatement { bind(Int64(value)) }

    @discardableResult
    func bind(_ value: Bool) -> HotStatement { bind(value ? 1 : Int64(0)) }

    @discardableResult
    func bind(_ value: Int64?) -> HotStatement {
        guard let value else { return bindNull() }
        return bind(value)
    }

    @discardableResult
    func bind(_ value: Int?) -> HotStatement {
        guard let value else { return bindNull() }
        return bind(Int64(value))
    }

    @discardableResult
    func bind(_ value: String) -> HotStatement {
        var value = value
        arguments += 1
        value.withUTF8 { text in
            let start = text.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
            sqlite3_bind_text(handle, arguments, start, Int32(text.count), Self.copied)
        }
        return self
    }

    @discardableResult
    func bind(_ value: String?) -> HotStatement {
        guard let value else { return bindNull() }
        return bind(value)
    }

    @discardableResult
    func bind(_ value: [UInt8]) -> HotStatement {
        arguments += 1
        value.withUnsafeBytes { bytes in
            // No pointer would mean null.
            let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
            sqlite3_bind_blob(handle, arguments, start, Int32(bytes.count), Self.copied)
        }
        return self
    }

    @discardableResult
    func bind(_ value: [UInt8]?) -> HotStatement {
        guard let value else { return bindNull() }
        return bind(value)
    }

    private func bindNull() -> HotStatement {
        arguments += 1
        sqlite3_bind_null(handle, arguments)
        return self
    }

    /// SQLite copies what is bound (`SQLITE_TRANSIENT`).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    // MARK: Running

    /// Runs a statement without rows. Returns how many rows it changed.
    @discardableResult
    func run() throws -> Int {
        _ = try step()
        reset()
        return Int(sqlite3_changes(connection))
    }

    /// The result from the first row; nil if there is none.
    func first<Value>(_ read: (HotStatement) throws -> Value) throws -> Value? {
        defer { reset() }
        return try step() ? try read(self) : nil
    }

    /// The results from all rows.
    func all<Value>(_ read: (HotStatement) throws -> Value) throws -> [Value] {
        defer { reset() }
        var values: [Value] = []
        while try step() { values.append(try read(self)) }
        return values
    }

    /// Goes to the next row. Returns whether there is one.
    private func step() throws -> Bool {
        let code = sqlite3_step(handle)
        column = -1
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            let failure = failure(code)
            reset()
            throw failure
        }
        return false
    }

    private func reset() {
        sqlite3_reset(handle)
        arguments = 0
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) } ?? "code \(code)")
    }

    // MARK: The columns of a row, in their order

    func integer() -> Int64 {
        column += 1
        return sqlite3_column_int64(handle, column)
    }

    func optionalBytes() -> [UInt8]? {
        column += 1
        guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let start = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// The frequent statements.
enum HotSQL: Int, CaseIterable {
    case begin, commit, note, insertEvent, insertDelivery, full, claim, take, due, place, settle, insertAttempt
    case cancelOrphan

    var text: String {
        switch self {
        case .begin: "BEGIN IMMEDIATE"
        case .commit: "COMMIT"
        case .note: "INSERT OR IGNORE INTO seen (organization, source, id, position, digest) VALUES (?, ?, ?, ?, ?)"
        case .insertEvent:
            """
            INSERT INTO events
                (position, organization, id, kind, lane, duress, received, door, panel, numbers, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .insertDelivery:
            """
            INSERT INTO deliveries
                (event, subscription, round, lane, state, due, lease, attempts, spent, reason, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)
            """
        case .full:
            """
            SELECT count(*) FROM (
                SELECT 1 FROM deliveries INDEXED BY deliveries_waiting WHERE state = 0 AND subscription = ? LIMIT ?
            )
            """
        case .claim:
            """
            SELECT d.event, d.round, d.attempts, d.spent, e.numbers, e.body
            FROM deliveries d INDEXED BY deliveries_waiting LEFT JOIN events e ON e.position = d.event
            WHERE d.state = 0 AND d.subscription = ? AND d.lane = ? AND d.due <= ?
            ORDER BY d.due, d.event LIMIT ?
            """
        case .take:
            "UPDATE deliveries SET state = 1, lease = ? WHERE event = ? AND subscription = ? AND round = ?"
        case .due:
            """
            SELECT due FROM deliveries INDEXED BY deliveries_waiting
            WHERE state = 0 AND subscription = ? AND lane = ? ORDER BY due LIMIT 1
            """
        case .place: "SELECT lane, state FROM deliveries WHERE event = ? AND subscription = ? AND round = ?"
        case .settle: SettledRow.settle
        case .insertAttempt: AttemptRow.insert
        case .cancelOrphan: SettledRow.cancelOrphan
        }
    }
}
