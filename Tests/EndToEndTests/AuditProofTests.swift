import Foundation
import GatehouseCore
import Testing

/// Everything that the real binary creates has its entry in the audit, and the audit is intact, also after a restart.
@Suite(.timeLimit(.minutes(2))) struct AuditProofTests {
    @Test func everythingThatIsMadeHasItsEntry() async throws {
        let gateway = try GatewayProcess()
        let arguments = ["--operator-url", "http://127.0.0.1:9/operator"]
        try await gateway.start(arguments)
        let first = Curl(url: gateway.url)
        try await first.created("/v1/organizations", #"{"id":"acme","name":"Acme"}"#)
        try await first.created("/v1/organizations", #"{"id":"north","name":"North","parent":"acme"}"#)
        try await first.created("/v1/panels", #"{"id":"1","organization":"acme","name":"P"}"#)
        try await first.created("/v1/doors", #"{"id":"lobby","panel":"1","number":1,"name":"Lobby"}"#)
        try await first.created("/v1/keys", #"{"name":"K","role":"reporter","organization":"acme"}"#)
        try await first.created("/v1/triggers", #"{"name":"T","organization":"acme"}"#)
        for dialect in ["standard", "oneupvision", "placeos"] {
            try await first.post(
                "/v1/subscriptions",
                #"{"name":"S","dialect":"\#(dialect)","organization":"acme","url":"http://127.0.0.1:9/\#(dialect)"}"#)
        }
        let before = try await first.get("/v1/audit/proof")
        #expect(before.body["intact"] == true && before.body["warnings"] == [], "\(before.text)")
        let head = try #require(before.body["head"]?.text)
        #expect(await gateway.stop() == 0)

        try await gateway.start(arguments)
        let after = try await Curl(url: gateway.url).get("/v1/audit/proof?known=\(head)")
        #expect(after.body["intact"] == true && after.body["warnings"] == [], "\(after.text)")
        let verify = try await run(
            GatewayProcess.built("gatehouse").path,
            ["audit", "verify", "--url", gateway.url, "--key", GatewayProcess.adminKey, "--known", head])
        #expect(verify.code == 0, "\(verify.output)")
        let other = try await run(
            GatewayProcess.built("gatehouse").path,
            [
                "audit", "verify", "--url", gateway.url, "--key", GatewayProcess.adminKey,
                "--known", String(repeating: "0", count: 64),
            ])
        #expect(
            other.code == 1 && other.output.contains("the audit was changed after it was written"), "\(other.output)")
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }
}
