import Foundation
import GatehouseCore
import Testing

@testable import gatehouse

/// The key of a first start: shown to a person or written to a file, never to a log.
@Suite struct FirstKeyTests {
    private func key() -> Credential {
        var random = SystemRandomNumberGenerator()
        return Credential(using: &random)
    }

    @Test func withoutATerminalItGoesIntoAFileForThisUserAlone() throws {
        let folder = try TemporaryFolder()
        let store = folder.path + "/gatehouse.db"
        // An existing file is replaced, and the target of a link is unchanged.
        let elsewhere = folder.path + "/elsewhere"
        try Data("kept".utf8).write(to: URL(filePath: elsewhere))
        try FileManager.default.createSymbolicLink(atPath: store + ".key", withDestinationPath: elsewhere)
        let output = try #require(Descriptor(reading: "/dev/null"))
        for credential in [key(), key()] {
            let place = try FirstKey(credential, store: "sqlite:" + store).show(on: output)
            #expect(place == .file(store + ".key"))
            #expect(try String(contentsOfFile: store + ".key", encoding: .utf8) == credential.text + "\n")
            let rights = try FileManager.default.attributesOfItem(atPath: store + ".key")[.posixPermissions] as? Int
            #expect(rights == 0o600)
        }
        #expect(try String(contentsOfFile: elsewhere, encoding: .utf8) == "kept")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "elsewhere", "gatehouse.db.key",
            ])
        output.close()
    }

    @Test func whereTheFileCannotBeWrittenItIsSaidWhatToDo() throws {
        let output = try #require(Descriptor(reading: "/dev/null"))
        let first = FirstKey(key(), store: "sqlite:/nowhere/at/all/gatehouse.db")
        let failure = #expect(throws: CommandError.self) { try first.show(on: output) }
        #expect(failure?.sentence.contains("GATEHOUSE_ADMIN_KEY") == true)
        output.close()
    }

    @Test func aNewUserIsToldHowToGoOn() {
        let shown = FirstKey.welcome(.terminal(Secret("gk_x")), url: "http://127.0.0.1:8080")
        #expect(shown.contains("export GATEHOUSE_KEY=gk_x\n") && shown.contains("not shown again"))
        let filed = FirstKey.welcome(.file("/var/lib/g.db.key"), url: "http://127.0.0.1:8080")
        #expect(filed.contains("export GATEHOUSE_KEY=$(cat '/var/lib/g.db.key')\n"))
    }
}

/// A folder that is removed with the test.
private final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "first-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
