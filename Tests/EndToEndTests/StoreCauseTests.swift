import Foundation
import Testing

/// Everything that prevents a store from being opened, with the real binary and real files: each has a sentence that
/// names the cause and says what to do.
@Suite struct StoreCauseTests {
    /// How a file is damaged, by a line of Python that knows `path`, and the message about it.
    struct Case: Sendable {
        let name: String
        let python: String
        var code: Int32 = 69
        let words: [String]
        /// The exit code of `gatehouse store check`; nil if it has nothing to say about it.
        var check: Int32?
    }

    private static let sql = "import sqlite3; c = sqlite3.connect(path); c.executescript(%); c.commit(); c.close()"

    static let spoilt = [
        Case(
            name: "a newer version",
            python: sql.replacing("%", with: "\"INSERT INTO grdb_migrations VALUES ('9999 of a later version')\""),
            words: ["was written by a newer gatehouse", "start that version"], check: 1),
        Case(
            name: "a newer format", python: sql.replacing("%", with: "'PRAGMA user_version = 99'"),
            words: ["was written by a newer gatehouse", "start that version"], check: 69),
        Case(
            name: "another program's",
            python: "import os; os.remove(path); " + sql.replacing("%", with: "'CREATE TABLE notes (text TEXT)'"),
            words: ["of another program", "a file of its own"], check: 69),
        Case(
            name: "half upgraded",
            python: sql.replacing("%", with: "\"DELETE FROM grdb_migrations WHERE identifier LIKE '0021%'\""),
            code: 65, words: ["exists before its step was taken", "made before the upgrade"],
            check: 1),
        Case(
            name: "half emptied", python: sql.replacing("%", with: "'DROP TABLE health'"), code: 65,
            words: ["the table health is missing", "store restore"], check: 1),
        Case(
            name: "no database", python: "import os; open(path, 'wb').write(os.urandom(65536))", code: 65,
            words: ["is not an SQLite file, or an encrypted one", "--store", "store restore"], check: 65),
        Case(
            name: "damaged pages",
            python: "f = open(path, 'r+b'); f.seek(4096); f.write(b'\\xff' * 200000); f.close()", code: 65,
            words: ["is damaged", "store check", "store restore"]),
    ]

    @Test(arguments: spoilt.map(\.name)) func aSpoiltFileIsNamedWithItsCause(_ name: String) async throws {
        let spoilt = try #require(Self.spoilt.first { $0.name == name })
        let gateway = try GatewayProcess()
        try await gateway.start()
        _ = await gateway.stop()
        let path = gateway.folder.appending(path: "gatehouse.db").path
        let done = try await run("python3", ["-c", "import sys; path = sys.argv[1]; " + spoilt.python, path])
        try #require(done.code == 0, "\(done.output)")
        let before = try Data(contentsOf: URL(filePath: path))
        try await Self.expect(spoilt.code, spoilt.words + [path], Self.serve(path))
        #expect(try Data(contentsOf: URL(filePath: path)) == before, "it is left as it was")
        if let check = spoilt.check {
            let ended = try await run(GatewayProcess.built("gatehouse").path, ["store", "check", path])
            #expect(ended.code == check, "\(ended.output)")
        }
        await gateway.remove()
    }

    @Test func aStoreThatAnotherGatewayHasOpenIsNamed() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start()
        let path = gateway.folder.appending(path: "gatehouse.db").path
        try await Self.expect(69, ["another gateway has \(path) open", "stop it first"], Self.serve(path))
        await gateway.remove()
    }

    @Test func obstacleToTheFileIsNamed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "causes-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "sub"), withIntermediateDirectories: true)
        try Data("x".utf8).write(to: folder.appending(path: "file"))
        let path = folder.path
        try await Self.expect(
            69, ["the folder \(path)/none does not exist", "create it"], Self.serve(path + "/none/g.db"))
        try await Self.expect(69, ["\(path)/sub is a folder", "name a file in it"], Self.serve(path + "/sub"))
        try await Self.expect(69, ["\(path)/file is not a folder"], Self.serve(path + "/file/g.db"))
    }

    /// Root may do everything, so the binary runs as a user without rights.
    @Test func rightsThatAreMissingAreNamed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rights-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let open = folder.appending(path: "open")
        try FileManager.default.createDirectory(at: open, withIntermediateDirectories: true)
        for (name, mode) in [(folder, 0o755), (open, 0o777)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: name.path)
        }
        let file = open.appending(path: "g.db")
        try Data().write(to: file)
        let isRoot = getuid() == 0
        try FileManager.default.setAttributes(
            [.posixPermissions: isRoot ? 0o644 : 0o444], ofItemAtPath: file.path)
        if !isRoot { try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path) }
        let words = ["this user may not read and write the file: \(file.path)", "chown"]
        try await Self.expect(69, words, Self.serve(file.path), withoutRights: isRoot)
        try await Self.expect(
            69, ["this user may not write in the folder", folder.path], Self.serve(folder.path + "/g.db"),
            withoutRights: isRoot)
        if !isRoot { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
    }

    private static func serve(_ path: String) -> [String] { ["serve", "--port", "0", "--store", "sqlite:\(path)"] }

    private static func expect(
        _ code: Int32, _ words: [String], _ arguments: [String], withoutRights: Bool = false
    ) async throws {
        let binary = GatewayProcess.built("gatehouse").path
        let drop = withoutRights ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
        let command = drop + ["timeout", "30", binary] + arguments
        let ended = try await run(command[0], Array(command.dropFirst()))
        #expect(ended.code == code, "\(arguments): \(ended.output)")
        for word in words { #expect(ended.output.contains(word), "\(arguments): \(ended.output)") }
    }
}
