import Foundation
import GatehouseCore
import Testing

/// `gatehouse subscriptions test`, with the real binary on both sides.
@Suite(.serialized) struct TestCommandTests {
    private func command(
        _ gateway: GatewayProcess, _ arguments: [String]
    ) async throws -> (code: Int32, output: String) {
        let client = ["--url", gateway.url, "--key", GatewayProcess.adminKey]
        return try await run(
            GatewayProcess.built("gatehouse").path, ["subscriptions", "test"] + arguments + client)
    }

    @Test func theExitCodeTellsWhatTheReceiverSaid() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let taken = try await command(gateway, [building.subscription])
            #expect(taken.code == 0, "\(taken.output)")
            #expect(taken.output.contains("accepted") && taken.output.contains("204"), "\(taken.output)")
            #expect(receiver.verified.values.reduce(0, +) == 1 && receiver.bad == 0)
            receiver.answer(503)
            let refused = try await command(gateway, [building.subscription, "--json"])
            #expect(refused.code == 1, "\(refused.output)")
            let answer = try JSONParser.parse(Array(refused.output.utf8))
            #expect(answer["attempt"]?["outcome"] == "rejected" && answer["attempt"]?["status"] == 503)
            let unknown = try await command(gateway, ["unknown"])
            #expect(unknown.code == 65 && unknown.output.contains("there is no subscription unknown"))
        }
    }
}
