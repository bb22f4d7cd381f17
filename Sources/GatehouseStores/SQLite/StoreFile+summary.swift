internal import GRDB
internal import GatehouseCore

/// The contents of an open store file, and whether it is sound.
extension StoreFile {
    /// Checks the whole file.
    ///
    /// - Parameter isThorough: whether the indexes of each table are compared with its rows too.
    func summary(_ database: Database, isThorough: Bool, _ watch: FileWatch) throws -> StoreSummary {
        let bytes = try Self.bytes(of: database)
        let found = try Ticker.reading(bytes, watch) {
            try String.fetchAll(database, sql: "PRAGMA quick_check(\(Self.mostFaults))")
        }
        var faults = found.filter { $0 != "ok" }
        let isReadable = faults.isEmpty
        // Damaged pages make further checks useless, and the fault is already known.
        let verdict =
            isReadable ? try StoreSchema.verdict(database) : (try? StoreSchema.verdict(database)) ?? .init()
        faults += verdict.faults
        if isReadable, isThorough { faults += try comparison(database, watch) }
        let isKnown = faults.isEmpty && verdict.age != .newer
        return StoreSummary(
            path: path, bytes: bytes, newest: isKnown ? try Self.newest(database) : (try? Self.newest(database)) ?? 0,
            steps: verdict.steps, age: verdict.age, faults: Array(faults.prefix(Self.mostFaults)))
    }

    private static let mostFaults = 100

    /// The faults that SQLite finds when it compares the indexes with their tables, one table at a time.
    private func comparison(_ database: Database, _ watch: FileWatch) throws -> [String] {
        let names = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND rootpage > 0 AND substr(name, 1, 7) <> 'sqlite_'
                """)
        let rows = try names.map {
            try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0.quotedDatabaseIdentifier)") ?? 0
        }
        var faults: [String] = []
        var (done, total) = (0, rows.reduce(0, +))
        for (name, count) in zip(names, rows) {
            let progress = FileProgress(stage: .comparing, done: done, total: total)
            let found = try Ticker.during(watch, { progress }) {
                try String.fetchAll(database, sql: "PRAGMA integrity_check(\(name.quotedDatabaseIdentifier))")
            }
            faults += found.filter { $0 != "ok" }
            done += count
        }
        return faults
    }

    private static func newest(_ database: Database) throws -> Int64 {
        let events = try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0
        return max(events, try database.tableExists("marks") ? Watermarks.events.number(in: database) : 0)
    }

    private static func bytes(of database: Database) throws -> Int {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        return pages * (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
}
