import Foundation
import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// A store's own files are never the target of a backup, and never a store or a backup themselves, in any spelling.
@Suite struct StoreNamesTests {
    private static let endings = [
        "", "-wal", "-shm", "-journal", ".lock", ".key", ".key.new", ".last-backup", ".last-backup.new",
    ]

    /// A folder with an open store, so that all of its files exist, and other ways to the same names.
    private func withStore(_ test: (_ folder: String, _ store: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "names-\(UUID().uuidString)").path
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder + "/disk/sub", withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        let path = folder + "/disk/g.db"
        let store = try SQLiteStore(path: path, settings: StoreSettings())
        for ending in [".key", ".key.new", ".last-backup", ".last-backup.new", "-journal"] {
            try Data("k".utf8).write(to: URL(filePath: path + ending))
        }
        try manager.createSymbolicLink(atPath: folder + "/way", withDestinationPath: folder + "/disk/sub")
        for ending in Self.endings {
            try manager.createSymbolicLink(
                atPath: folder + "/link.db" + ending, withDestinationPath: "disk/g.db" + ending)
            try manager.linkItem(atPath: path + ending, toPath: folder + "/hard\(ending).db")
        }
        // A journal that is not SQLite's would disturb readers; only its name is checked here.
        try manager.removeItem(atPath: path + "-journal")
        try await test(folder, path)
        await store.close()
    }

    /// Every spelling of one of the files.
    private func spellings(_ folder: String, _ ending: String) -> [String] {
        [
            "\(folder)/disk/g.db\(ending)", "\(folder)/disk/../disk//g.db\(ending)",
            "\(folder)/disk/sub/../g.db\(ending)",
            "\(folder)/way/../g.db\(ending)", "\(folder)/link.db\(ending)", "\(folder)/hard\(ending).db",
        ]
    }

    private func digest(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/disk").filter { $0 != "sub" }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(folder)/disk/\($0)"))) })
    }

    @Test(arguments: endings) func backupNeverReplacesThem(_ ending: String) async throws {
        try await withStore { folder, path in
            let before = try digest(folder)
            for store in [path, folder + "/link.db"] {
                for target in spellings(folder, ending) where ending != "-journal" || !target.contains("/hard") {
                    #expect("\(target)") {
                        try Stores.backUp(store, to: target, isReplacing: true)
                    } throws: {
                        guard case .conflict(_, let sentence, _)? = $0 as? StoreError else { return false }
                        return sentence.contains("give the backup another name")
                    }
                }
            }
            #expect(try digest(folder) == before)
        }
    }

    @Test(arguments: endings) func noneOfThemIsRestored(_ ending: String) async throws {
        try await withStore { folder, path in
            for backup in spellings(folder, ending) where ending != "-journal" || !backup.contains("/hard") {
                #expect(
                    throws: StoreError.conflict(
                        index: nil, "\(backup) is the store itself or belongs to it: name a backup")
                ) { try Stores.restore(backup, to: path, aside: ".old") }
            }
        }
    }

    @Test(arguments: endings.dropFirst()) func noneOfThemIsAStoreOrABackupOfAnother(_ ending: String) async throws {
        try await withStore { folder, path in
            let other = folder + "/other.db"
            let store = try SQLiteStore(path: other, settings: StoreSettings())
            await store.close()
            let before = try digest(folder)
            func refused(_ action: () throws -> Void) {
                #expect {
                    try action()
                } throws: {
                    "\($0)".contains("belongs to the store") && "\($0)".contains("/disk/g.db")
                }
            }
            let name = path + ending
            refused { _ = try SQLiteStore(path: name, settings: StoreSettings()) }
            refused { _ = try Stores.restore(other, to: name, aside: ".old") }
            refused { _ = try Stores.restore(name, to: other, aside: ".old") }
            refused { _ = try Stores.backUp(other, to: name, isReplacing: true) }
            refused { _ = try Stores.backUp(name, to: folder + "/b.db") }
            refused { _ = try Stores.check(name, isThorough: false) }
            #expect(try digest(folder) == before)
        }
    }

    /// By two names two gateways could open one file, and each would lose the events of the other.
    @Test func storeWithTwoNamesIsNotOpened() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "links-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/far", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/g.db"
        func open(_ path: String) async throws {
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            await store.close()
        }
        try await open(path)
        for other in ["/h.db", "/g.db.copy", "/far/g.db", "/.before-g.db"] {
            try FileManager.default.linkItem(atPath: path, toPath: folder + other)
            for name in [path, folder + other] {
                await #expect {
                    try await open(name)
                } throws: {
                    guard case .unavailable(let sentence)? = $0 as? StoreError else { return false }
                    return sentence.contains("\(name) has 2 names") && sentence.contains("remove the other names")
                }
            }
            try FileManager.default.removeItem(atPath: folder + other)
            try await open(path)
        }
        // A restore that was killed leaves the store with the name by which it was set aside.
        let aside = path + ".before-20260311T081530"
        try FileManager.default.linkItem(atPath: path, toPath: aside)
        try await open(path)
        await #expect(throws: StoreError.self) { try await open(aside) }
        try FileManager.default.createSymbolicLink(atPath: folder + "/soft.db", withDestinationPath: "g.db")
        try await open(folder + "/soft.db")
    }

    @Test func targetThatIsNoFileIsNotReplaced() async throws {
        try await withStore { folder, path in
            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            for (target, words) in [
                (folder + "/disk", "is a folder"), (pipe, "is not a file"), ("/dev/null", "is not a file"),
            ] {
                #expect {
                    try Stores.backUp(path, to: target, isReplacing: true)
                } throws: { "\($0)".contains("\(target) \(words)") }
            }
        }
    }

    /// Opening a pipe would wait without an end.
    @Test func aPipeIsNoStore() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pipe = folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let actions: [() throws -> Void] = [
            { _ = try SQLiteStore(path: pipe, settings: StoreSettings()) },
            { _ = try Stores.check(pipe, isThorough: false) },
            { _ = try Stores.backUp(pipe, to: folder + "/b.db") },
            { _ = try Stores.restore(pipe, to: folder + "/g.db", aside: ".old") },
            { _ = try Stores.restore(folder + "/b.db", to: pipe, aside: ".old") },
        ]
        for action in actions { #expect(performing: action, throws: { "\($0)".contains("\(pipe) is not a file") }) }
    }

    /// Neither while a gateway runs on it nor after: the files beside it would belong to another file.
    @Test(arguments: [true, false]) func anotherStoreIsNotReplaced(_ isOpen: Bool) async throws {
        try await withStore { folder, path in
            let other = folder + "/other.db"
            let store = try SQLiteStore(path: other, settings: StoreSettings())
            if !isOpen { await store.close() }
            let before = try Data(contentsOf: URL(filePath: other))
            #expect {
                try Stores.backUp(path, to: other, isReplacing: true)
            } throws: { "\($0)".contains("store, since") }
            #expect(try Data(contentsOf: URL(filePath: other)) == before)
            await store.close()
        }
    }

    @Test func similarNameIsFree() async throws {
        try await withStore { folder, path in
            for name in ["/g.db-wal", "/nightly.key", "/disk/g.db.backup"] {
                let summary = try Stores.backUp(path, to: folder + name)
                #expect(summary.isSound)
            }
        }
    }
}
