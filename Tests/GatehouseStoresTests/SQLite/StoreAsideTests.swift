import Foundation
import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// How a restore treats the old store, step by step: no commit of it is lost, after any last step.
@Suite struct StoreAsideTests {
    private func inFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path)
    }

    private func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder)).filter { !$0.hasSuffix(".lock") }
    }

    /// A backup, and a store as a killed gateway leaves it: its newest commit is only in the log.
    private func makeStores(_ folder: String, _ sql: String = "") async throws -> (backup: String, killed: String) {
        let store = try SQLiteStore(path: folder + "/b.db", settings: StoreSettings())
        await store.close()
        let live = try SQLiteStore(path: folder + "/live.db", settings: StoreSettings())
        try await live.write(.applyChange) { try $0.execute(sql: "CREATE TABLE last (word TEXT);" + sql) }
        for beside in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder + "/live.db" + beside, toPath: folder + "/killed.db" + beside)
        }
        await live.close()
        return (folder + "/b.db", folder + "/killed.db")
    }

    private func hasLast(_ path: String) throws -> Bool {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { try $0.tableExists("last") }
    }

    private func whileRead(_ reader: DatabaseQueue, _ action: () throws -> Void) throws {
        try reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN; SELECT * FROM last")
            try action()
            try database.execute(sql: "COMMIT")
        }
    }

    /// Also if a newer version or another program wrote the store.
    @Test(
        arguments: [
            "", "INSERT INTO grdb_migrations VALUES ('9999 of later')", "PRAGMA user_version = 99",
            "PRAGMA application_id = 7", "DROP TABLE pulse",
        ])
    func theStoreIsWholeByItselfUntilTheBackupHasItsName(_ sql: String) async throws {
        try await inFolder { folder in
            let (backup, killed) = try await makeStores(folder, sql)
            let copy = StoreCopy(source: StoreFile(path: backup, purpose: .restore), target: killed)
            _ = try copy.make(watch: FileWatch()) { _ in
                let aside = try #require(try copy.setAside(".old"))
                // A kill here leaves the folder as it is now.
                try FileManager.default.createDirectory(atPath: folder + "/now", withIntermediateDirectories: false)
                for name in try names(folder) where name.hasPrefix("killed.db") && !name.contains(StoreCopy.growing) {
                    try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/now/\(name)")
                }
                #expect(aside.name == killed + ".old")
            }
            for name in ["killed.db", "killed.db.old"] { #expect(try hasLast("\(folder)/now/\(name)"), "\(name)") }
            #expect(try hasLast(killed + ".old") && !hasLast(killed))
        }
    }

    @Test func storeInUseByAnotherProgramIsNotSetAside() async throws {
        try await inFolder { folder in
            let (backup, killed) = try await makeStores(folder)
            let reader = try DatabaseQueue(path: killed)
            let before = try names(folder)
            try whileRead(reader) {
                #expect {
                    try Stores.restore(backup, to: killed, aside: ".old")
                } throws: {
                    "\($0)".contains("\(killed)-wal cannot be merged into it")
                }
            }
            #expect(try names(folder) == before)
            try reader.close()
            #expect(try hasLast(killed))
        }
    }

    /// Neither SQLite nor the restore can read it: all of it is kept, and all is put back if the restore fails at its
    /// last step.
    @Test func aDamagedStoreIsSetAsideWithItsLogAndPutBackWithIt() async throws {
        try await inFolder { folder in
            let (backup, killed) = try await makeStores(folder)
            let (noise, log) = (Data(repeating: 7, count: 9_000), Data(repeating: 1, count: 4_152))
            try noise.write(to: URL(filePath: killed))
            try log.write(to: URL(filePath: killed + "-wal"))
            let before = try names(folder)
            func expectAll(_ name: String) throws {
                #expect(try Data(contentsOf: URL(filePath: name)) == noise)
                #expect(try Data(contentsOf: URL(filePath: name + "-wal")) == log)
            }
            let copy = StoreCopy(source: StoreFile(path: backup, purpose: .restore), target: killed)
            var aside: StoreCopy.Aside?
            #expect {
                _ = try copy.make(watch: FileWatch()) { _ in
                    aside = try copy.setAside(".old")
                    try expectAll(killed + ".old")
                    unlink(copy.part)
                } undo: {
                    aside?.putBack()
                }
            } throws: {
                "\($0)".contains("\(killed) cannot take its name")
            }
            #expect(try names(folder) == before)
            try expectAll(killed)
            #expect(try Stores.restore(backup, to: killed, aside: ".old").before == killed + ".old")
            try expectAll(killed + ".old")
            #expect(try Stores.check(killed, isThorough: true).isSound)
        }
    }

    @Test func anEmptyStoresLogIsKept() async throws {
        try await inFolder { folder in
            let (backup, killed) = try await makeStores(folder)
            let log = try Data(contentsOf: URL(filePath: killed + "-wal"))
            try Data().write(to: URL(filePath: killed))
            _ = try Stores.restore(backup, to: killed, aside: ".old")
            #expect(try Data(contentsOf: URL(filePath: killed + ".old-wal")) == log)
        }
    }

    /// The record of the last backup stays if a new one cannot be written.
    @Test func recordOfTheLastBackupIsReplacedWhole() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            let file = StoreFile(path: path)
            #expect(Stores.noteBackup(of: path, at: folder + "/one.db") == nil)
            var old = [timeval(tv_sec: 1_000, tv_usec: 0), timeval(tv_sec: 1_000, tv_usec: 0)]
            #expect(utimes(path + ".last-backup", &old) == 0 && file.lastBackup == Instant(seconds: 1_000))
            try FileManager.default.createDirectory(
                atPath: path + ".last-backup.new", withIntermediateDirectories: false)
            let reason = try #require(Stores.noteBackup(of: path, at: folder + "/two.db"))
            #expect(reason.contains("\(path).last-backup cannot be written"))
            #expect(file.lastBackup == Instant(seconds: 1_000))
            #expect(
                try String(contentsOfFile: path + ".last-backup", encoding: .utf8)
                    == StoreFile.place(of: folder + "/one.db") + "\n")
            try FileManager.default.removeItem(atPath: path + ".last-backup.new")
            // A killed command leaves a part of it.
            try Data("x".utf8).write(to: URL(filePath: path + ".last-backup.new"))
            #expect(Stores.noteBackup(of: path, at: folder + "/two.db") == nil)
            #expect(try #require(file.lastBackup) > Instant(seconds: 1_000))
            #expect(try names(folder) == ["g.db.last-backup"])
        }
    }
}
