internal import GRDB

/// The structure of a store's file: its tables with their columns and rules, its indexes and triggers, and the rows
/// that its steps inserted.
///
/// The steps that a file claims to have taken are run again in memory, and the two results are compared. So the steps
/// themselves define whether a file is complete, and a new step needs no line here.
struct StoreSchema {
    /// One part, identified by its words.
    struct Part: Hashable {
        /// The name, such as `the column failures of the table health`.
        let name: String
        /// The table that it belongs to; nil for a table itself.
        let owner: String?
    }

    /// Every part with its definition.
    private var parts: [Part: String] = [:]
    /// How many rows a table has, if that was counted.
    private var rows: [String: Int] = [:]

    /// Reads the parts of some tables; other tables are the operator's own, and are ignored.
    private init(_ database: Database, of tables: Set<String>, counting counted: Set<String>) throws {
        let found = try Row.fetchAll(
            database,
            sql: "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('table', 'index', 'trigger')")
        for row in found {
            let (name, table): (String, String) = (row["name"], row["tbl_name"])
            guard tables.contains(table), !name.hasPrefix("sqlite_") else { continue }
            let type: String = row["type"]
            guard type == "table" else {
                let words = SQLWords.words(of: row["sql"] as String? ?? "")
                parts[Part(name: "the \(type) \(name)", owner: table)] = words.joined(separator: " ")
                continue
            }
            try read(name, database)
            guard counted.contains(name) else { continue }
            rows[name] = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(name.quotedDatabaseIdentifier)")
        }
    }

    private mutating func read(_ table: String, _ database: Database) throws {
        func all(_ sql: String) throws -> [(name: String, traits: String)] {
            try Row.fetchAll(database, sql: sql, arguments: [table]).map { ($0[0], $0[1]) }
        }
        let options = try all(
            "SELECT '', 'wr' || wr || ' strict' || strict FROM pragma_table_list(?) WHERE schema = 'main'")
        parts[Part(name: Self.name(of: table), owner: nil)] = options.first?.traits ?? ""
        let columns = try all(
            """
            SELECT name, type || ' ' || "notnull" || ' ' || coalesce(dflt_value, '') || ' ' || pk
            FROM pragma_table_xinfo(?)
            """)
        for column in columns {
            parts[Part(name: "the column \(column.name) of \(Self.name(of: table))", owner: table)] = column.traits
        }
        let rules = try all(
            """
            SELECT (SELECT group_concat(name, ', ') FROM pragma_index_info(list.name)), 'unique'
            FROM pragma_index_list(?) AS list WHERE origin <> 'c'
            """)
        for rule in rules {
            parts[Part(name: "that (\(rule.name)) is unique in \(Self.name(of: table))", owner: table)] = rule.traits
        }
        let links = try all("SELECT \"from\" || ' to ' || \"table\", '' FROM pragma_foreign_key_list(?)")
        for link in links {
            parts[Part(name: "the reference \(link.name) of \(Self.name(of: table))", owner: table)] = link.traits
        }
    }

    private static func name(of table: String) -> String { "the table \(table)" }

    /// The result of the first steps on an empty file.
    private static func made(by steps: ArraySlice<String>) throws -> StoreSchema {
        let queue = try DatabaseQueue()
        defer { try? queue.close() }
        if let last = steps.last { try SQLiteSchema.migrator.migrate(queue, upTo: last) }
        return try queue.read { database in
            let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            return try StoreSchema(database, of: tables, counting: tables)
        }
    }

    /// The result of all steps: used several times for one file.
    private static let latest = Result { try made(by: SQLiteSchema.migrator.migrations[...]) }

    /// The names of its tables.
    private var tables: Set<String> { Set(rows.keys) }

    /// The parts of another schema that are missing here or defined differently. A missing table counts for all of its
    /// parts.
    private func lacks(_ wanted: StoreSchema) -> [String] {
        let missing = wanted.parts.filter { parts[$0.key] != $0.value }.keys
        let tables = Set(missing.filter { $0.owner == nil && parts[$0] == nil }.map(\.name))
        let told = missing.filter { part in part.owner.map { !tables.contains(Self.name(of: $0)) } ?? true }
        let sentences = told.map { part in
            parts[part] == nil ? "\(part.name) is missing" : "\(part.name) is not as its migration step made it"
        }
        let emptied = wanted.rows.filter { table, count in rows[table].map { $0 < count } ?? false }
        return sentences.sorted() + emptied.keys.sorted().map { "\(Self.name(of: $0)) has lost rows" }
    }

    /// The columns and triggers of our tables that the other schema does not have: both change what is written. An
    /// operator's own index does not.
    private func additions(beyond wanted: StoreSchema) -> [String] {
        let added = parts.keys.filter { part in
            guard part.owner != nil, wanted.parts[part] == nil else { return false }
            return part.name.hasPrefix("the column ") || part.name.hasPrefix("the trigger ")
        }
        return added.map { "\($0.name) belongs to no step that it has taken" }.sorted()
    }

    /// The tables and indexes of later steps that exist already.
    private func early(_ wanted: StoreSchema, in whole: StoreSchema) -> [String] {
        parts.keys.filter { part in
            whole.parts[part] != nil && wanted.parts[part] == nil
                && (part.owner == nil || part.name.hasPrefix("the index "))
        }.map { "\($0.name) exists before its step was taken" }.sorted()
    }
}

extension StoreSchema {
    /// How a file's tables compare with this version.
    struct Verdict: Hashable {
        /// The version of the file's tables.
        var age = StoreSummary.Age.same
        /// What is missing or does not belong there, in sentences; empty if the tables are complete, or of a newer
        /// version, whose tables this version does not know.
        var faults: [String] = []
        /// How many steps the file has taken.
        var steps = 0
    }

    /// Compares an open file with the result of the steps that it claims to have taken.
    static func verdict(_ database: Database) throws -> Verdict {
        let known = SQLiteSchema.migrator.migrations
        let taken = try SQLiteSchema.migrator.appliedIdentifiers(database)
        guard taken.isSubset(of: known) else { return Verdict(age: .newer, steps: taken.count) }
        var verdict = Verdict(age: taken.count < known.count ? .older : .same, steps: taken.count)
        let steps = known.prefix(taken.count)
        guard let last = steps.last else {
            verdict.faults = ["the table grdb_migrations names no known step of a store"]
            return verdict
        }
        guard taken == Set(steps) else {
            let gap = steps.first { !taken.contains($0) } ?? last
            verdict.faults = ["the table grdb_migrations lacks the step \"\(gap)\", and has later ones"]
            return verdict
        }
        let whole = try latest.get()
        let wanted = taken.count == known.count ? whole : try made(by: steps)
        let found = try StoreSchema(
            database, of: whole.tables, counting: wanted.tables.filter { wanted.rows[$0] ?? 0 > 0 })
        // What exists too early says why other parts are missing.
        verdict.faults = found.early(wanted, in: whole) + found.lacks(wanted) + found.additions(beyond: wanted)
        return verdict
    }
}
