import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The secrets of a door's driver: masked in every view of a door, unless a manager asks for them.
@Suite struct DriverSecretTests {
    private static let secrets = ["hunter2-hunter2", "path-of-the-url"]
    private static let driver: JSON = [
        "type": "paper", "colour": "red", "timeout": 2000, "password": "hunter2-hunter2",
        "url": "https://controller.example/path-of-the-url?x=1",
    ]

    private func server() async throws -> TestServer {
        let server = try await TestServer()
        let changed = try await server.send(
            TestRequest(
                .patch, "/v1/doors/d-acme", try await server.credential(.manager), json: ["driver": Self.driver])
        )
        #expect(changed.status == 200)
        for secret in Self.secrets { #expect(!changed.text.contains(secret)) }
        return server
    }

    @Test func doorIsShownWithMaskedDriverSecrets() async throws {
        let server = try await server()
        let masked: JSON = [
            "type": "paper", "colour": "red", "timeout": 2000, "password": "•••",
            "url": "https://controller.example/•••",
        ]
        for role in [Role.admin, .manager, .reporter] {
            let key = try await server.credential(role)
            #expect(try await server.get("/v1/doors/d-acme", key).json?["driver"] == masked)
            let listed = try await server.get("/v1/doors", key)
            #expect(listed.json?["items"]?.items?.first { $0["id"] == "d-acme" }?["driver"] == masked)
        }
    }

    @Test func managerIsShownTheSecretsOnRequestAndAReporterIsNot() async throws {
        let server = try await server()
        for role in [Role.admin, .manager] {
            let shown = try await server.get("/v1/doors/d-acme?reveal=true", try await server.credential(role))
            #expect(shown.json?["driver"] == Self.driver)
        }
        let audited = try await server.get("/v1/audit")
        #expect(audited.items.filter { $0["details"]?["what"] == "reveal" }.count == 2, "one line for each key")
        let refused = try await server.get("/v1/doors/d-acme?reveal=true", try await server.credential(.reporter))
        #expect(refused.status == 403 && refused.json?["field"] == "reveal")
        for secret in Self.secrets { #expect(!refused.text.contains(secret)) }
    }

    @Test func secretIsInNoAuditEventOrLog() async throws {
        let server = try await server()
        let audit = try await server.get("/v1/audit")
        #expect(audit.text.contains("driver"), "that it was changed is told")
        let told = try await server.taken().map { JSON.object($0.data).compact }.joined()
        let logged = server.log.lines.map { "\($0.text) \($0.metadata)" }.joined()
        for secret in Self.secrets {
            #expect(!audit.text.contains(secret) && !told.contains(secret) && !logged.contains(secret))
        }
    }

    @Test func maskIsNeverAcceptedAsAValue() async throws {
        let server = try await server()
        let shown = try #require(try await server.get("/v1/doors/d-acme").json?["driver"])
        let answer = try await server.send(TestRequest(.patch, "/v1/doors/d-acme", json: ["driver": shown]))
        #expect(answer.status == 422, "\(answer.text)")
        answer.expectProblem(422, "masked-value", field: "driver.password")
        #expect(try await server.get("/v1/doors/d-acme?reveal=true").json?["driver"] == Self.driver)
    }

    @Test func everyFieldOfAnUnknownDriverIsSecret() {
        let table = DriverTable([PaperDriver()])
        let settings: JSONObject = JSONObject([.init("type", "gone"), .init("timeout", 5), .init("colour", "red")])
        #expect(JSON.object(table.masked(settings)) == ["type": "gone", "timeout": 5, "colour": "•••"])
    }
}
