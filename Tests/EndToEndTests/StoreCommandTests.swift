import Foundation
import Testing

/// What a person on call sees of the store's commands, with the real binary and real files.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StoreCommandTests {
    private static let binary = GatewayProcess.built("gatehouse").path

    /// A folder with a store that a gateway has created and closed.
    private func withStore(_ test: (_ folder: String, _ store: String) async throws -> Void) async throws {
        let gateway = try GatewayProcess()
        try await gateway.start()
        #expect(await gateway.stop() == 0)
        try await test(gateway.folder.path, gateway.folder.path + "/gatehouse.db")
        await gateway.remove()
    }

    private func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            .filter { !$0.hasSuffix(".log") && !$0.hasSuffix(".last-backup") }
    }

    private func store(_ arguments: String..., on path: String) async throws -> (code: Int32, output: String) {
        try await run(Self.binary, ["store"] + arguments + ["--store", "sqlite:\(path)"])
    }

    /// Makes a store grow, so that a copy of it takes long enough to be interrupted.
    private func fill(_ path: String, mebibytes: Int) async throws {
        let lines = """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            c.execute('CREATE TABLE filler (bytes BLOB)')
            for i in range(int(sys.argv[2])): c.execute('INSERT INTO filler VALUES (zeroblob(1000000))')
            c.commit(); c.execute('PRAGMA wal_checkpoint(TRUNCATE)'); c.close()
            """
        let done = try await run("python3", ["-c", lines, path, "\(mebibytes)"])
        try #require(done.code == 0, "\(done.output)")
    }

    private func start(_ arguments: [String], output: URL) throws -> Process {
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: Self.binary)
        process.arguments = ["store"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test func aCopyThatASignalEndsLeavesNothing() async throws {
        try await withStore { folder, path in
            try await fill(path, mebibytes: 600)
            try FileManager.default.copyItem(atPath: path, toPath: folder + "/whole.db")
            let log = URL(filePath: folder + "/command.log")
            let before = try names(folder)
            let commands = [
                (["backup", folder + "/b.db"], "the backup was not made; its incomplete file was removed"),
                (["restore", folder + "/whole.db"], "nothing was restored; the store is unchanged"),
            ]
            for (arguments, words) in commands {
                for signal in [SIGINT, SIGTERM, SIGHUP, SIGKILL] {
                    let process = try start(arguments + ["--store", "sqlite:\(path)"], output: log)
                    try await eventually("the copy grows") {
                        try names(folder).contains { $0.contains(".gatehouse-copy-") } || !process.isRunning
                    }
                    kill(process.processIdentifier, signal)
                    while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
                    let said = try String(contentsOf: log, encoding: .utf8)
                    guard signal != SIGKILL else { continue }
                    #expect(process.terminationStatus == 128 + signal && said.contains(words), "\(arguments): \(said)")
                    #expect(try names(folder) == before, "\(arguments), signal \(signal)")
                }
                #expect(try names(folder).contains { $0.contains(".gatehouse-copy-") }, "it was killed midway")
                let next = try await store(arguments[0], arguments[1], on: path)
                #expect(next.code == 0, "\(next.output)")
                #expect(try !names(folder).contains { $0.contains(".gatehouse-copy-") }, "the next one sweeps")
                try? FileManager.default.removeItem(atPath: folder + "/b.db")
                for name in try names(folder) where name.contains(".before-") {
                    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
                }
                #expect(try names(folder) == before)
            }
        }
    }

    @Test func damagedStoreIsNotBackedUp() async throws {
        try await withStore { folder, path in
            _ = try await run(
                "python3",
                ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('DROP TABLE health')", path])
            let before = try names(folder)
            let backup = try await store("backup", folder + "/b.db", on: path)
            #expect(backup.code == 65 && backup.output.contains("the table health is missing"), "\(backup)")
            let check = try await store("check", "--json", on: path)
            #expect(check.code == 1 && check.output.contains(#""sound":false"#), "\(check)")
            #expect(check.output.contains(#"["the table health is missing"]"#), "\(check)")
            #expect(try names(folder) == before)
        }
    }

    @Test func anOlderStoreIsSaidToBeOlder() async throws {
        try await withStore { folder, path in
            _ = try await run(
                "python3",
                [
                    "-c",
                    """
                    import os, sqlite3, sys
                    os.remove(sys.argv[1])
                    database = sqlite3.connect(sys.argv[1])
                    database.executescript(open(sys.argv[2]).read())
                    database.executescript(f"PRAGMA application_id = {0x47617465}; PRAGMA user_version = 1")
                    os.chmod(sys.argv[1], 0o600)
                    """, path, Page.root.appending(path: "Tests/GatehouseStoresTests/Fixtures/first-form.sql").path,
                ])
            let check = try await store("check", on: path)
            #expect(check.code == 0 && check.output.contains("the next start updates its tables"), "\(check)")
            let told = try await store("check", "--json", on: path)
            #expect(told.output.contains(#""tables":"older","sound":true"#), "\(told)")
            #expect(told.output.split(separator: "\n").count == 1, "a quick one says nothing else: \(told)")
        }
    }

    @Test func theStoresOwnFilesAreNotReplaced() async throws {
        try await withGateway { gateway, _ in
            let path = gateway.folder.path + "/gatehouse.db"
            for ending in ["", "-wal", "-shm", "-journal", ".lock", ".key"] {
                let told = try await store("backup", path + ending, "--force", on: path)
                #expect(told.code == 65 && told.output.contains("give the backup another name"), "\(told)")
            }
        }
    }

    /// Root may write everywhere, so the check runs as a user without rights, and on a read-only disk.
    @Test func aClosedStoreIsCheckedWhereNothingCanBeWritten() async throws {
        try await withStore { folder, path in
            let media = folder + "/media"
            let (manager, isRoot) = (FileManager.default, getuid() == 0)
            try manager.createDirectory(atPath: media, withIntermediateDirectories: false)
            try manager.copyItem(atPath: path, toPath: media + "/g.db")
            try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: media + "/g.db")
            try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: media)
            let drop = isRoot ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
            for arguments in [["check", media + "/g.db"], ["check", media + "/g.db", "--whole"]] {
                let command = drop + [Self.binary, "store"] + arguments
                let told = try await run(command[0], Array(command.dropFirst()))
                #expect(told.code == 0 && told.output.contains(/sound +yes/), "\(told)")
            }
            // With unmerged data in the log of a killed gateway it cannot be read there, and the command says so.
            try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: media)
            try Data(repeating: 1, count: 8_000).write(to: URL(filePath: media + "/g.db-wal"))
            try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: media + "/g.db-wal")
            try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: media)
            let command = drop + [Self.binary, "store", "check", media + "/g.db"]
            let told = try await run(command[0], Array(command.dropFirst()))
            #expect(told.code == 69 && told.output.contains("copy both into a folder"), "\(told)")
            try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: media)
            try manager.removeItem(atPath: media + "/g.db-wal")
            #expect(try names(media) == ["g.db"])
            let script = """
                mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
                "$2" store check "$1/g.db" --whole && "$2" store backup "$3/b.db" --store "sqlite:$1/g.db"
                """
            let user = isRoot ? [] : ["--user", "--map-root-user"]
            let there = try await run(
                "unshare", user + ["--mount", "sh", "-c", script, "sh", media, Self.binary, folder])
            #expect(there.code == 0 && there.output.matches(of: /sound +yes/).count == 2, "\(there)")
        }
    }

    /// An alert on the time of the last backup finds failing backups.
    @Test func theTimeOfTheLastBackupIsAMetric() async throws {
        try await withGateway { gateway, receiver in
            let (path, metric) = (gateway.folder.path + "/gatehouse.db", "gatehouse_last_backup_timestamp_seconds")
            let building = try await Building.make(at: gateway, for: receiver)
            #expect(try await !building.curl.get("/metrics").text.contains(metric), "there was none")
            let refused = try await store("backup", gateway.folder.path + "/no/b.db", on: path)
            #expect(refused.code == 69 && refused.output.contains("create it first"), "\(refused)")
            #expect(!FileManager.default.fileExists(atPath: path + ".last-backup"), "a backup that failed is none")
            let begin = Date.now.timeIntervalSince1970
            let made = try await store("backup", gateway.folder.path + "/b.db", on: path)
            #expect(made.code == 0 && !made.output.contains("could not be written"), "\(made)")
            #expect(await gateway.stop() == 0)
            try await gateway.start()
            let back = building.moved(to: gateway)
            try await eventually("the metric is there") {
                let page = try await back.curl.get("/metrics").text
                let line = page.split(separator: "\n").first { $0.hasPrefix(metric + " ") }
                guard let value = line?.split(separator: " ").last.flatMap({ Double($0) }) else { return false }
                #expect(value >= begin - 1 && value <= Date.now.timeIntervalSince1970 + 1)
                return true
            }
        }
    }

    @Test func unusableBackupIsNamed() async throws {
        try await withStore { folder, path in
            #expect(try await store("backup", folder + "/b.db", on: path).code == 0)
            try Data("Dear Ana, this is a letter and no store.".utf8).write(to: URL(filePath: folder + "/letter"))
            try Data().write(to: URL(filePath: folder + "/empty"))
            _ = try await run(
                "python3",
                [
                    "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE n (a)')",
                    folder + "/notes.db",
                ])
            let before = try names(folder)
            let cases: [(backup: String, store: String, code: Int32, words: [String])] = [
                ("none.db", path, 66, ["none.db cannot be opened", "No such file"]),
                ("letter", path, 65, ["letter is not an SQLite file", "`gatehouse store backup` made"]),
                ("empty", path, 69, ["empty is empty", "`gatehouse store backup` made"]),
                ("notes.db", path, 69, ["notes.db is an SQLite file of another program", "store backup"]),
                ("media", path, 66, ["media"]),
                ("b.db", folder + "/no/g.db", 69, ["the folder \(folder)/no does not exist"]),
                ("b.db", folder + "/letter/g.db", 69, ["\(folder)/letter is not a folder"]),
                ("b.db", folder, 69, ["\(folder) is a folder"]),
            ]
            for (backup, store, code, words) in cases {
                let told = try await self.store("restore", "\(folder)/\(backup)", on: store)
                #expect(told.code == code, "\(backup): \(told)")
                for word in words { #expect(told.output.contains(word), "\(backup): \(told)") }
                let lines = told.output.split(separator: "\n")
                #expect(lines.count == 1 && !told.output.contains("SQLite error"), "\(told)")
            }
            #expect(try names(folder) == before)
            let first = try await store("restore", folder + "/b.db", on: folder + "/new.db")
            #expect(first.code == 0 && first.output.contains(/sound +yes/), "there need be no store yet: \(first)")
        }
    }
}
