import Foundation
import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// A file whose tables differ from the result of its steps: every command and the gateway's start judge it alike.
@Suite struct StoreSchemaTests {
    private static let known = SQLiteSchema.migrator.migrations

    private func inFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path)
    }

    private func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    }

    /// A closed store, as a template for the damaged ones.
    private func whole(_ folder: String) async throws -> String {
        let store = try SQLiteStore(path: folder + "/whole.db", settings: StoreSettings())
        await store.close()
        return folder + "/whole.db"
    }

    private func spoil(_ path: String, _ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// The result of each action on a damaged file; every one refuses it, with the same reason.
    ///
    /// - Parameter isBrief: whether only the check is tested, whose rule is that of all.
    private func expectRefused(
        _ sql: String, sentence words: String, beside whole: String, isBrief: Bool = false
    ) async throws {
        let folder = (whole as NSString).deletingLastPathComponent
        let path = folder + "/bad.db"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: whole, toPath: path)
        try spoil(path, sql)
        try? FileManager.default.removeItem(atPath: path + ".lock")
        let before = try (names(folder), Data(contentsOf: URL(filePath: path)), Data(contentsOf: URL(filePath: whole)))
        let summary = try Stores.check(path, isThorough: false)
        #expect(!summary.isSound && summary.faults.contains { $0.contains(words) }, "\(sql): \(summary.faults)")
        guard !isBrief else { return }
        func refused(_ action: () throws -> Void) {
            #expect {
                try action()
            } throws: { error in
                guard case .corrupt(let sentence)? = error as? StoreError else { return false }
                return sentence.contains("\(path) is damaged") && sentence.contains(words)
            }
        }
        refused { _ = try Stores.backUp(path, to: folder + "/b.db") }
        refused { _ = try Stores.restore(path, to: whole, aside: ".old") }
        refused { _ = try SQLiteStore(path: path, settings: StoreSettings()) }
        #expect(
            try names(folder).subtracting(["bad.db.lock", "whole.db.lock"]) == before.0.subtracting(["whole.db.lock"]))
        #expect(try Data(contentsOf: URL(filePath: path)) == before.1, "the start leaves it unchanged: \(sql)")
        #expect(try Data(contentsOf: URL(filePath: whole)) == before.2, "so does the restore with the store")
    }

    /// The parts of a new store, by a line of SQL each.
    private func parts(_ path: String, _ sql: String) throws -> [(name: String, table: String)] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { try Row.fetchAll($0, sql: sql).map { ($0[0], $0[1]) } }
    }

    @Test func missingTableIsFound() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            let tables = try parts(
                whole, "SELECT name, name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            #expect(tables.count > 20)
            for (place, table) in tables.enumerated() {
                let words = table.name == "grdb_migrations" ? table.name : "the table \(table.name) is missing"
                try await expectRefused(
                    "DROP TABLE \(table.name)", sentence: words, beside: whole, isBrief: !place.isMultiple(of: 8))
            }
        }
    }

    @Test func missingOrChangedIndexIsFound() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            let indexes = try parts(
                whole, "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite%'")
            #expect(indexes.count > 15)
            for (place, index) in indexes.enumerated() {
                try await expectRefused(
                    "DROP INDEX \(index.name)", sentence: "the index \(index.name) is missing", beside: whole,
                    isBrief: !place.isMultiple(of: 8))
                try await expectRefused(
                    "DROP INDEX \(index.name); CREATE INDEX \(index.name) ON \(index.table) (1)",
                    sentence: "the index \(index.name) is not as its migration step made it", beside: whole,
                    isBrief: true
                )
            }
        }
    }

    /// SQLite keeps an index's statement as it was spelled.
    @Test func differentlySpelledIndexIsNoFault() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            let indexes = try parts(
                whole, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
            #expect(indexes.count > 15)
            for (name, sql) in indexes.map({ ($0.name, $0.table) }) {
                let spelled = sql.replacing(", ", with: ",").replacing("(", with: " ( /* here */").replacing(
                    " ON ", with: "\non\t"
                ).replacing(" WHERE ", with: " where ")
                try spoil(whole, "DROP INDEX \(name); \(spelled)")
            }
            #expect(try Stores.check(whole, isThorough: true).faults == [])
        }
    }

    @Test func statementsAreComparedByTheirWords() {
        let words = SQLWords.words(of: "CREATE INDEX one ON two (a, b) WHERE c = 'It''s  so'")
        for same in [
            "create index ONE on two(a,b) where c='It''s  so'",
            "CREATE INDEX \"one\" ON [two] (`a`, b) WHERE c = 'It''s  so'",
            "CREATE INDEX one -- of mine\nON two (a, /* b, */ b) WHERE c = 'It''s  so' ",
        ] {
            #expect(SQLWords.words(of: same) == words, "\(same)")
        }
        for other in [
            "CREATE INDEX one ON two (b, a) WHERE c = 'It''s  so'",
            "CREATE INDEX one ON two (a, b) WHERE c = 'it''s  so'",
            "CREATE INDEX one ON two (a, b) WHERE c = 'It''s so'", "CREATE INDEX one ON two (ab) WHERE c = 'It''s  so'",
            "CREATE INDEX one ON two (a, b)", "CREATE INDEX one ON two (a, b) WHERE c = \"It's  so\"",
        ] {
            #expect(SQLWords.words(of: other) != words, "\(other)")
        }
    }

    @Test func missingOrExtraColumnIsFound() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            // Columns that no key, index or reference contains: others cannot be removed from a table.
            let columns = try parts(
                whole,
                """
                SELECT c.name, t.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c
                WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.pk = 0
                    AND (SELECT count(*) FROM pragma_table_xinfo(t.name)) > 1
                    AND NOT EXISTS (
                        SELECT 1 FROM sqlite_schema i
                        WHERE i.tbl_name = t.name AND i.type = 'index'
                            AND coalesce(i.sql, '') LIKE '%' || c.name || '%')
                    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) p
                        WHERE p.name = c.name)
                    AND NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name) f WHERE f."from" = c.name)
                """)
            #expect(columns.count > 60)
            for (place, column) in columns.enumerated() {
                try await expectRefused(
                    "ALTER TABLE \(column.table) DROP COLUMN \"\(column.name)\"",
                    sentence: "the column \(column.name) of the table \(column.table) is missing", beside: whole,
                    isBrief: !place.isMultiple(of: 16))
            }
            for table in Set(columns.map(\.table)) {
                try await expectRefused(
                    "ALTER TABLE \(table) ADD COLUMN surplus TEXT",
                    sentence: "the column surplus of the table \(table) belongs to no step", beside: whole,
                    isBrief: table != "keys")
            }
        }
    }

    @Test func foreignTriggerIsFound() async throws {
        try await inFolder { folder in
            try await expectRefused(
                "CREATE TRIGGER extra AFTER INSERT ON events BEGIN DELETE FROM deliveries; END",
                sentence: "the trigger extra belongs to no step", beside: whole(folder))
        }
    }

    @Test func unrecordedStepIsFound() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            for step in Self.known {
                let words = step == Self.known.last ? "before its step was taken" : "lacks the step \"\(step)\""
                let name = step.replacing("'", with: "''")
                try await expectRefused(
                    "DELETE FROM grdb_migrations WHERE identifier = '\(name)'", sentence: words, beside: whole)
            }
            try await expectRefused("DELETE FROM grdb_migrations", sentence: "names no known step", beside: whole)
        }
    }

    @Test(arguments: ["pulse", "folds", "marks"]) func missingRowsOfAStepAreFound(_ table: String) async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            try await expectRefused(
                "DELETE FROM \(table)",
                sentence: "the table \(table) has lost rows", beside: whole)
        }
    }

    @Test func missingRuleOfATableIsFound() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            try await expectRefused(
                """
                DROP TABLE numbers;
                CREATE TABLE numbers (
                    organization TEXT NOT NULL, subject TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,
                    isOwn INTEGER NOT NULL, PRIMARY KEY (organization, subject, id)
                ) STRICT, WITHOUT ROWID;
                """, sentence: "that (organization, subject, number) is unique in the table numbers", beside: whole)
        }
    }

    @Test func olderStoreIsValidAndUpgradedByTheNextStart() async throws {
        try await inFolder { folder in
            for (place, step) in Self.known.enumerated() {
                let path = "\(folder)/\(place).db"
                let queue = try DatabaseQueue(path: path)
                try SQLiteSchema.migrator.migrate(queue, upTo: step)
                try queue.close()
                let isLast = step == Self.known.last
                let summary = try Stores.check(path, isThorough: true)
                #expect(summary.isSound && summary.age == (isLast ? .same : .older), "\(step): \(summary.faults)")
                #expect(try Stores.backUp(path, to: "\(folder)/b\(place).db").steps == place + 1)
                let store = try SQLiteStore(path: path, settings: StoreSettings())
                await store.close()
                let after = try Stores.check(path, isThorough: false)
                #expect(after.isSound && after.age == .same && after.steps == Self.known.count)
            }
        }
    }

    /// An operator may keep own tables, views and indexes beside ours.
    @Test func tableOfAnotherOwnerIsNoFault() async throws {
        try await inFolder { folder in
            let whole = try await whole(folder)
            try spoil(
                whole,
                """
                CREATE TABLE notes (text TEXT); CREATE VIEW alarms AS SELECT * FROM events;
                CREATE INDEX of_mine ON events (kind);
                """)
            #expect(try Stores.check(whole, isThorough: true).isSound)
            let store = try SQLiteStore(path: whole, settings: StoreSettings())
            await store.close()
        }
    }

    /// A first start that is interrupted before its first step: the next one continues.
    @Test func interruptedFirstStartContinues() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try spoil(path, "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            #expect(throws: StoreError.self, "there is no store yet") { try Stores.backUp(path, to: folder + "/b.db") }
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            await store.close()
            #expect(try Stores.check(path, isThorough: false).isSound)
        }
    }
}
