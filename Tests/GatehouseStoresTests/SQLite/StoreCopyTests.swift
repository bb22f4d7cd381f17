import Foundation
import GRDB
import GatehouseCore
import Synchronization
import Testing

@testable import GatehouseStores

/// A store's file copied, checked and restored.
@Suite struct StoreCopyTests {
    private func inFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path)
    }

    /// Makes a store with a table that is large enough to be copied in several steps.
    private func makeStore(_ path: String, rows: Int = 0) async throws {
        let store = try SQLiteStore(path: path, settings: StoreSettings())
        try await store.write(.applyChange) { database in
            try database.execute(sql: "CREATE TABLE IF NOT EXISTS filler (bytes BLOB)")
            for _ in 0..<rows { try database.execute(sql: "INSERT INTO filler VALUES (randomblob(3000))") }
        }
        await store.close()
    }

    private func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    }

    @Test func copyIsPrivateAndNeedsNoOtherFile() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db")
            let before = try names(folder)
            let summary = try Stores.backUp(folder + "/g.db", to: folder + "/b.db")
            #expect(summary.isSound && summary.path == folder + "/b.db" && summary.steps > 10)
            #expect(try names(folder).subtracting(before) == ["b.db"])
            let found = try FileManager.default.attributesOfItem(atPath: folder + "/b.db")
            #expect(found[.posixPermissions] as? Int == 0o600)
            #expect(found[.size] as? Int == summary.bytes)
            let store = try SQLiteStore(path: folder + "/b.db", settings: StoreSettings())
            _ = try await store.begin(at: Instant(seconds: 1))
            await store.close()
        }
    }

    @Test func fileIsCompleteAfterAnOrderlyEnd() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db", rows: 100)
            let log = try? FileManager.default.attributesOfItem(atPath: folder + "/g.db-wal")
            #expect(log == nil || log?[.size] as? Int == 0, "the file lacks the commits of the log")
        }
    }

    @Test func copyIsTheStoreAtOneInstant() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 5_000)
            // A gateway's writer continues meanwhile: each of its commits changes both tables by one.
            let writer = try DatabasePool(path: path)
            try await writer.write { try $0.execute(sql: "CREATE TABLE one (n); CREATE TABLE two (n)") }
            let steps = Mutex(0)
            let watch = FileWatch { _ in
                let step = steps.withLock { steps in
                    steps += 1
                    return steps
                }
                // A copy that starts again after each commit would never end.
                guard step < 6 else { return }
                try? writer.write { try $0.execute(sql: "INSERT INTO one VALUES (1); INSERT INTO two VALUES (1)") }
            }
            let summary = try Stores.backUp(path, to: folder + "/b.db", watch: watch)
            #expect(summary.isSound && steps.withLock { $0 } > 1)
            let copy = try DatabaseQueue(path: folder + "/b.db")
            let counts = try await copy.read { database in
                try ["one", "two"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") }
            }
            #expect(counts == [0, 0], "no commit made during the copy")
            #expect(try await writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM one") } ?? 0 > 1)
        }
    }

    @Test func fullDiskLeavesNoFile() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db", rows: 500)
            let before = try names(folder)
            let source = StoreFile(path: folder + "/g.db", purpose: .look)
            let copy = StoreCopy(source: source, target: folder + "/b.db", pages: 100)
            #expect {
                try copy.make(watch: FileWatch(), ready: { _ in })
            } throws: {
                ($0 as? StoreError) == .unavailable("\(folder)/b.db: the disk is full. The incomplete copy was removed")
            }
            #expect(try names(folder) == before)
        }
    }

    @Test func existingFileIsReplacedOnlyOnDemand() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db")
            try Data("mine".utf8).write(to: URL(filePath: folder + "/b.db"))
            #expect(throws: StoreError.conflict(index: nil, "\(folder)/b.db exists already: --force replaces it")) {
                try Stores.backUp(folder + "/g.db", to: folder + "/b.db")
            }
            #expect(try String(contentsOfFile: folder + "/b.db", encoding: .utf8) == "mine")
            #expect(try Stores.backUp(folder + "/g.db", to: folder + "/b.db", isReplacing: true).isSound)
            for name in ["/g.db", "/link.db"] {
                if name == "/link.db" {
                    try FileManager.default.createSymbolicLink(
                        atPath: folder + name, withDestinationPath: folder + "/g.db")
                }
                #expect(throws: StoreError.self, "never onto itself") {
                    try Stores.backUp(folder + "/g.db", to: folder + name, isReplacing: true)
                }
            }
            #expect(try Stores.check(folder + "/g.db", isThorough: true).isSound)
        }
    }

    @Test func fileOfAnotherProgramIsRefused() async throws {
        try await inFolder { folder in
            let other = try DatabaseQueue(path: folder + "/other.db")
            try await other.write { try $0.execute(sql: "CREATE TABLE notes (text)") }
            try Data(repeating: 7, count: 9_000).write(to: URL(filePath: folder + "/noise.db"))
            try await makeStore(folder + "/g.db")
            for name in ["other.db", "noise.db"] {
                let path = "\(folder)/\(name)"
                #expect(throws: StoreError.self) { try Stores.check(path, isThorough: false) }
                #expect(throws: StoreError.self) { try Stores.backUp(path, to: folder + "/b.db") }
                #expect(throws: StoreError.self) { try Stores.restore(path, to: folder + "/g.db", aside: ".old") }
            }
            #expect(try !names(folder).contains { $0.contains("b.db") || $0.contains(".old") || $0.contains("part") })
            #expect(try Stores.check(folder + "/g.db", isThorough: true).isSound)
        }
    }

    @Test func damagedFileIsNeitherCopiedNorRestored() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 500)
            var bytes = try Data(contentsOf: URL(filePath: path))
            for page in 100..<130 { bytes.replaceSubrange(page * 4096..<page * 4096 + 64, with: Data(count: 64)) }
            try bytes.write(to: URL(filePath: folder + "/bad.db"))
            #expect(try !Stores.check(folder + "/bad.db", isThorough: false).isSound)
            #expect(throws: StoreError.self) { try Stores.backUp(folder + "/bad.db", to: folder + "/b.db") }
            #expect(throws: StoreError.self) { try Stores.restore(folder + "/bad.db", to: path, aside: ".old") }
            #expect(try Stores.check(path, isThorough: true).isSound)
            #expect(try names(folder).isDisjoint(with: ["b.db", "g.db.old"]))
        }
    }

    @Test func backupReplacesTheStoreAndItsOtherFiles() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 10)
            _ = try Stores.backUp(path, to: folder + "/b.db")
            // The files of a killed gateway: an unmerged log, which would damage another file with that name.
            try Data(repeating: 1, count: 4_152).write(to: URL(filePath: path + "-wal"))
            try Data(repeating: 1, count: 32_768).write(to: URL(filePath: path + "-shm"))
            let summary = try Stores.restore(folder + "/b.db", to: path, aside: ".old")
            #expect(summary.store.isSound && summary.store.path == path && summary.before == path + ".old")
            #expect(try names(folder).isSuperset(of: ["g.db", "g.db.old", "b.db"]))
            #expect(try names(folder).isDisjoint(with: ["g.db-wal", "g.db-shm"]))
            try await makeStore(path)
        }
    }

    @Test func oldStoreIsKeptCompleteWithItsUnmergedLog() async throws {
        try await inFolder { folder in
            let (path, other) = (folder + "/g.db", folder + "/other.db")
            try await makeStore(other)
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            try await store.write(.applyChange) { try $0.execute(sql: "CREATE TABLE last (word TEXT)") }
            // As a killed gateway leaves it: the newest commits are only in the log.
            for beside in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + beside, toPath: folder + "/k.db" + beside)
            }
            await store.close()
            let restored = try Stores.restore(other, to: folder + "/k.db", aside: ".old")
            let kept = try DatabaseQueue(path: try #require(restored.before))
            #expect(try await kept.read { try $0.tableExists("last") })
        }
    }

    @Test func restoresWithinOneSecondKeepEveryOldStore() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 3)
            try await makeStore(folder + "/b.db")
            let before = try (0..<3).map { _ in try Stores.restore(folder + "/b.db", to: path, aside: ".old").before }
            #expect(before == [path + ".old", path + ".old-2", path + ".old-3"])
            let kept = try DatabaseQueue(path: path + ".old")
            #expect(try await kept.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM filler") } == 3)
        }
    }

    @Test func aRestoreThatFailsLeavesTheStoreAsItWas() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 3)
            try await makeStore(folder + "/b.db")
            // SQLite's files beside a store may be merged into it.
            func kept() throws -> Set<String> {
                try names(folder).filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            }
            let before = try kept()
            let tooLong = String(repeating: "x", count: 300)
            #expect(throws: StoreError.self) { try Stores.restore(folder + "/b.db", to: path, aside: tooLong) }
            #expect(try kept() == before)
            let store = try DatabaseQueue(path: path)
            #expect(
                try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM filler") } == 3)
        }
    }

    @Test func aStoreBehindALinkStaysOnItsDisk() async throws {
        try await inFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/disk", withIntermediateDirectories: false)
            try await makeStore(folder + "/disk/g.db", rows: 3)
            try await makeStore(folder + "/b.db")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/g.db", withDestinationPath: folder + "/disk/g.db")
            let restored = try Stores.restore(folder + "/b.db", to: folder + "/g.db", aside: ".old")
            #expect(restored.before?.hasSuffix("/disk/g.db.old") == true)
            let link = try FileManager.default.attributesOfItem(atPath: folder + "/g.db")
            #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
            #expect(try names(folder + "/disk").isSuperset(of: ["g.db", "g.db.old"]))
        }
    }

    @Test func runningGatewaysStoreIsNotReplaced() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            _ = try Stores.backUp(path, to: folder + "/b.db")
            #expect(throws: StoreError.self) { try Stores.restore(folder + "/b.db", to: path, aside: ".old") }
            #expect(try !names(folder).contains("g.db.old"))
            await store.close()
            #expect(try Stores.restore(folder + "/b.db", to: path, aside: ".old").store.isSound)
        }
    }

    /// This version cannot say whether a newer one's file is complete.
    @Test func aNewerGatehousesFileIsNeitherCopiedNorOpened() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path)
            let newer = try DatabaseQueue(path: path)
            try await newer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 of later')") }
            try newer.close()
            let summary = try Stores.check(path, isThorough: true)
            #expect(summary.age == .newer && summary.faults.isEmpty && !summary.isSound)
            let words = "\(path) was written by a newer gatehouse: "
            #expect(throws: StoreError.unavailable(words + "use that version to check it and to back it up")) {
                try Stores.backUp(path, to: folder + "/b.db")
            }
            #expect(throws: StoreError.unavailable(words + "start that version")) {
                try SQLiteStore(path: path, settings: StoreSettings())
            }
            try await makeStore(folder + "/other.db")
            #expect(throws: StoreError.unavailable(words + "restore it with that version")) {
                try Stores.restore(path, to: folder + "/other.db", aside: ".old")
            }
            #expect(try names(folder).isDisjoint(with: ["b.db", "other.db.old"]))
        }
    }

    /// The next run in a folder removes the files of a killed one; other files and a running copy stay. For another
    /// machine or container nothing says whether it is running, so its age decides.
    @Test func filesOfAKilledCopyAreRemoved() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db")
            let ended = Process()
            ended.executableURL = URL(filePath: "/bin/true")
            try ended.run()
            ended.waitUntilExit()
            let (other, number) = ("0123456789abcdef", ended.processIdentifier)
            func parts(_ machine: String, _ process: Int32) -> [String] {
                ["old.db", "b.db"].flatMap { name in
                    (StoreFile.companions + [""]).map { "\(name).gatehouse-copy-\(machine)-\(process)\($0)" }
                }
            }
            let (left, old) = (parts(StoreCopy.machine, number), parts(other, number + 1))
            let growing = parts(StoreCopy.machine, getppid()) + parts(other, number)
            let kept =
                growing + ["film.12.part"]
                + ["", "9z", "1", "\(other)-", "\(other)-9z", "\(other)-1-film", "short-1"].map {
                    "x.gatehouse-copy-" + $0
                }
            let before = try names(folder)
            for name in left + kept + old { try Data().write(to: URL(filePath: "\(folder)/\(name)")) }
            for name in old + ["x.gatehouse-copy-\(other)-9z"] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date.now.addingTimeInterval(-25 * 3_600)], ofItemAtPath: "\(folder)/\(name)")
            }
            _ = try Stores.backUp(folder + "/g.db", to: folder + "/b.db")
            let after = try names(folder)
            #expect(after == before.union(kept + ["b.db"]), "\(after.symmetricDifference(before.union(kept)))")
        }
    }

    /// Another program may remove the growing copy; this is not a fault of the store.
    @Test func failureOfTheCopyNamesTheCopy() async throws {
        try await inFolder { folder in
            try await makeStore(folder + "/g.db", rows: 5_000)
            let copy = StoreCopy(source: StoreFile(path: folder + "/g.db", purpose: .look), target: folder + "/b.db")
            let (part, before) = (copy.part, try names(folder))
            #expect {
                _ = try copy.make(watch: FileWatch { _ in unlink(part) }) { _ in }
            } throws: { error in
                guard case .unavailable(let sentence)? = error as? StoreError else { return false }
                return sentence.contains("\(part), which grows to \(folder)/b.db, was removed")
            }
            let after = try names(folder)
            #expect(after == before, "\(after.symmetricDifference(before))")
        }
    }

    /// Readers of a closed store leave nothing beside it, also if it is read twice because it changed meanwhile.
    @Test func aClosedStoreIsReadWithoutAFileBesideIt() async throws {
        try await inFolder { folder in
            let path = folder + "/odd %20?name#.db"
            try await makeStore(path, rows: 20)
            let before = try names(folder)
            for isThorough in [false, true] { #expect(try Stores.check(path, isThorough: isThorough).isSound) }
            _ = try Stores.backUp(path, to: folder + "/b.db")
            #expect(try names(folder) == before.union(["b.db"]))
            var rounds: [Int] = []
            let count = try StoreFile(path: path, purpose: .look).reading { database in
                let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM filler") ?? 0
                rounds.append(count)
                if rounds.count == 1 {
                    let writer = try DatabaseQueue(path: path)
                    try writer.write { try $0.execute(sql: "INSERT INTO filler VALUES (randomblob(9000))") }
                    try writer.close()
                }
                return count
            }
            #expect(rounds == [20, 21] && count == 21, "the first reading is not used: \(rounds)")
        }
    }

    @Test func longCheckReportsItsProgress() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await makeStore(path, rows: 20_000)
            let told = Mutex<[FileProgress]>([])
            let watch = FileWatch(interval: .milliseconds(1)) { progress in told.withLock { $0.append(progress) } }
            #expect(try Stores.check(path, isThorough: true, watch: watch).isSound)
            let all = told.withLock { $0 }
            for stage in [FileProgress.Stage.checking, .comparing] {
                let done = all.filter { $0.stage == stage }
                #expect(!done.isEmpty && done.map(\.done) == done.map(\.done).sorted(), "\(stage)")
                #expect(done.allSatisfy { 0 <= $0.done && $0.done <= $0.total && $0.total > 0 }, "\(stage)")
            }
            #expect(all.contains { $0.stage == .checking && $0.done > 20_000 * 3_000 }, "it reads each page twice")
        }
    }
}
