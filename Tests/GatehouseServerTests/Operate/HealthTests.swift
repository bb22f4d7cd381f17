import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseServer

/// The answers to probes, and the lines of the log.
@Suite struct HealthTests {
    @Test func probeNeedsNoKey() async throws {
        let server = try await TestServer()
        #expect(try await server.get("/livez", nil).status == 200)
        #expect(try await server.get("/readyz?verbose", nil).status == 200)
    }

    @Test func readinessDependsOnTheStoreAndLivenessDoesNot() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        try await server.get("/readyz", nil).expectProblem(503, "store-away")
        #expect(try await server.get("/livez", nil).status == 200)
        server.gate.comeBack()
        #expect(try await server.get("/readyz", nil).status == 200)
        server.parts.isDraining.update { $0 = true }
        try await server.get("/readyz", nil).expectProblem(503, "draining")
    }

    /// A permanent trouble does not stop the intake of events, but the probe reports it.
    @Test func troubleIsReportedByAReadyGateway() async throws {
        let server = try await TestServer()
        #expect(try await server.get("/readyz", nil).text == "ready\n")
        server.parts.troubled.update { $0 = 2 }
        let answer = try await server.get("/readyz", nil)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == "ready\nwarnings: 2 subscriptions need attention (GET /v1/status says why)\n"
        )
    }

    @Test func logHasEveryRequestAndNoSecret() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.reporter)
        _ = try await server.get("/v1/doors?organization=acme", credential)
        let line = try #require(server.log.lines.first { $0.text == "request" })
        #expect(line.level == .debug)
        #expect(line.metadata["path"] == "/v1/doors")
        #expect(line.metadata["status"] == "200")
        #expect(line.metadata["key"] == "\(Credential.keyID(in: credential)?.text ?? "")")
        let all = server.log.lines.map { "\($0.text) \($0.metadata)" }.joined()
        #expect(!all.contains(credential))
        #expect(!all.contains("organization=acme"))
    }
}
