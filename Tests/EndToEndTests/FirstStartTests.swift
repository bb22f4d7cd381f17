import Foundation
import Testing

/// The first start of a gateway without any key: its new key is only for users who may read the store, and in no log.
@Suite(.timeLimit(.minutes(2))) struct FirstStartTests {
    @Test func theFirstKeyStandsInAFileAndInNoLog() async throws {
        let gateway = try GatewayProcess()
        gateway.hasKey = false
        try await gateway.start()
        let path = gateway.folder.path + "/gatehouse.db.key"
        try await eventually("the way to the key is told") { gateway.output().contains(path) }
        let key = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(key.hasPrefix("gk_"))
        let answer = try await Curl(url: gateway.url, key: key).get("/v1/organizations")
        #expect(answer.status == 200)
        for name in ["gatehouse.db", "gatehouse.db-wal", "gatehouse.db-shm", "gatehouse.db.lock", "gatehouse.db.key"] {
            let found = try FileManager.default.attributesOfItem(atPath: gateway.folder.path + "/" + name)
            #expect(found[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(await gateway.stop() == 0)
        #expect(!gateway.output().contains("gk_") && !gateway.output("err").contains("gk_"))
        await gateway.remove()
    }
}
