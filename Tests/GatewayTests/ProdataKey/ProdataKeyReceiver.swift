internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseVerification
import Testing

@testable internal import gatehouse

/// A receiver that uses TLS with a self-signed certificate, and verifies its requests.
final class ProdataKeyReceiver: Sendable {
    /// The secret of its webhooks.
    static let secret = "vvHkDbPeIespEKDprlvzlstDPPhLJnxG"

    private let port: Int
    private let receiver: EventReceiver
    private let commitSignal: AsyncStream<EventReceiver.Arrival>

    private init() async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let verifier = try Verifier(.prodatakey, secret: Self.secret)
        receiver = EventReceiver(verifier: verifier, identity: try SelfSignedIdentity(host: "localhost")) {
            arrived.yield($0)
        }
        self.commitSignal = commitSignal
        port = try await receiver.start(host: "127.0.0.1", port: 0)
    }

    var url: JSON { .string("https://127.0.0.1:\(port)/in") }

    /// The next bodies that came and verified.
    func bodies(_ count: Int) async throws -> [JSON] {
        var bodies: [JSON] = []
        for await arrival in commitSignal {
            bodies.append(try JSONParser.parse(arrival.result.get().body))
            if bodies.count == count { break }
        }
        return bodies
    }

    /// Runs one with a gateway that has the organization `acme`, during the test.
    static func withGateway(_ test: (LiveGateway.Client, ProdataKeyReceiver) async throws -> Void) async throws {
        let receiver = try await ProdataKeyReceiver()
        do {
            try await LiveGateway.with(Dialects.all) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                try await test(gateway, receiver)
            }
        } catch {
            await receiver.receiver.stop()
            throw error
        }
        await receiver.receiver.stop()
    }
}
