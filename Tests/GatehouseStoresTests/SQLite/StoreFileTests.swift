import Foundation
import GRDB
import GatehouseCore
import Synchronization
import Testing

@testable import GatehouseStores

/// The file of a store: its owner, and who may read it.
@Suite struct StoreFileTests {
    private func inFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path)
    }

    private func rights(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func openAndClose(_ path: String, warn: (String) -> Void = { _ in }) async throws {
        let store = try SQLiteStore(path: path, settings: StoreSettings(), warn: warn)
        await store.close()
    }

    @Test func filesAreReadableByTheGatewayOnly() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            var warnings: [String] = []
            let store = try SQLiteStore(path: path, settings: StoreSettings()) { warnings.append($0) }
            _ = try await store.begin(at: Instant(seconds: 1))
            for name in ["", "-wal", "-shm", ".lock"] { #expect(try rights(path + name) == 0o600, "\(name)") }
            await store.close()
            #expect(warnings.isEmpty)
        }
    }

    @Test func filesReadableByOthersCauseAWarningAndAreAccepted() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try await openAndClose(path)
            for (name, mode) in [("", 0o644), (".lock", 0o640)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path + name)
            }
            var warnings: [String] = []
            try await openAndClose(path) { warnings.append($0) }
            #expect(warnings.count == 2 && warnings.allSatisfy { $0.contains("chmod 600") })
            #expect(warnings.first?.hasPrefix(path + " ") == true)
        }
    }

    private static let foreign = [
        "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine');",
        "PRAGMA application_id = 252006673; CREATE TABLE events (id TEXT);", "PRAGMA application_id = 1;",
        "PRAGMA user_version = 7;", "CREATE TABLE grdb_migrations (identifier TEXT); CREATE TABLE events (id TEXT);",
        "PRAGMA application_id = \(StoreFile.application); PRAGMA user_version = \(StoreFile.format + 1);",
    ]

    @Test(arguments: foreign)
    func fileOfAnotherProgramIsRefusedAndUnchanged(_ sql: String) async throws {
        try await inFolder { folder in
            let path = folder + "/foreign.db"
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
            let before = try Data(contentsOf: URL(filePath: path))
            do {
                try await openAndClose(path)
                Issue.record("it was taken")
            } catch StoreError.unavailable(let sentence) {
                #expect(sentence.contains(path) && (sentence.contains("another program") || sentence.contains("newer")))
            }
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test func fullDiskIsReportedWithTheFile() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            let cause = StoreFile(path: path).cause(of: DatabaseError(resultCode: .SQLITE_FULL))
            #expect(cause == .unavailable("\(path): the disk is full: free space on it, and start again"))
            let locked = StoreFile(path: path).cause(of: DatabaseError(resultCode: .SQLITE_BUSY))
            #expect(
                locked
                    == .unavailable("\(path) is locked by another program, such as an sqlite3 shell: end that program"))
        }
    }

    @Test func fileThatIsNoDatabaseIsUnchanged() async throws {
        try await inFolder { folder in
            let path = folder + "/letter.txt"
            let text = Data(String(repeating: "Dear Ana, ", count: 1000).utf8)
            try text.write(to: URL(filePath: path))
            await #expect(throws: StoreError.self) { try await openAndClose(path) }
            #expect(try Data(contentsOf: URL(filePath: path)) == text)
        }
    }

    @Test func emptyFileIsAcceptedAndAnOlderStoreIsRecognizedByItsTables() async throws {
        try await inFolder { folder in
            let path = folder + "/g.db"
            try Data().write(to: URL(filePath: path))
            try await openAndClose(path)
            for _ in 0..<2 {
                let queue = try DatabaseQueue(path: path)
                let marks = try await queue.read { database in
                    [
                        try Int64.fetchOne(database, sql: "PRAGMA application_id"),
                        try Int64.fetchOne(database, sql: "PRAGMA user_version"),
                    ]
                }
                #expect(marks == [StoreFile.application, StoreFile.format])
                try await queue.writeWithoutTransaction {
                    try $0.execute(sql: "PRAGMA application_id = 0; PRAGMA user_version = 0;")
                }
                try queue.close()
                try await openAndClose(path)
            }
        }
    }
}
