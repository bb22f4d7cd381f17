import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseServer

/// What probes learn, and what the log does not.
@Suite struct HealthTests {
    @Test func aProbeNeedsNoKey() async throws {
        let house = try await House()
        #expect(try await house.get("/livez", nil).status == 200)
        #expect(try await house.get("/readyz?verbose", nil).status == 200)
    }

    @Test func readinessFollowsTheStoreAndLifeDoesNot() async throws {
        let house = try await House()
        house.gate.goAway()
        try await house.get("/readyz", nil).expectProblem(503, "store-away")
        #expect(try await house.get("/livez", nil).status == 200)
        house.gate.comeBack()
        #expect(try await house.get("/readyz", nil).status == 200)
        house.parts.isDraining.update { $0 = true }
        try await house.get("/readyz", nil).expectProblem(503, "draining")
    }

    /// What is broken for good does not close the gateway to events, and does not go unsaid either.
    @Test func troubleIsSaidAndKeepsTheGatewayReady() async throws {
        let house = try await House()
        #expect(try await house.get("/readyz", nil).text == "ready\n")
        house.parts.troubled.update { $0 = 2 }
        let answer = try await house.get("/readyz", nil)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == "ready\nwarnings: 2 subscriptions need attention (GET /v1/status says why)\n"
        )
    }

    @Test func theLogTellsOfEveryRequestAndOfNoSecret() async throws {
        let house = try await House()
        let credential = try await house.credential(.reporter)
        _ = try await house.get("/v1/doors?organization=acme", credential)
        let line = try #require(house.log.lines.first { $0.text == "request" })
        #expect(line.level == .debug)
        #expect(line.metadata["path"] == "/v1/doors")
        #expect(line.metadata["status"] == "200")
        #expect(line.metadata["key"] == "\(Credential.keyID(in: credential)?.text ?? "")")
        let all = house.log.lines.map { "\($0.text) \($0.metadata)" }.joined()
        #expect(!all.contains(credential))
        #expect(!all.contains("organization=acme"))
    }
}
