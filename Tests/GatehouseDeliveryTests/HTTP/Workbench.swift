import GatehouseCore
import HTTPTypes
import NIOPosix
import Synchronization
import Testing

@testable import GatehouseDelivery

/// The start of every test of the pool: a pool that may dial this machine, and names that the test invents.
struct Workbench: Sendable {
    let pool: ConnectionPool
    let names: MadeUpNames
    var sink: HTTPSink { HTTPSink(pool) }

    init(allowed: [String] = ["127.0.0.0/8"], settings: PoolSettings = PoolSettings()) throws {
        self.names = MadeUpNames()
        self.pool = ConnectionPool(
            group: .singleton, egress: EgressGuard(allowed: try allowed.map { try AddressRange($0) }),
            resolver: names, settings: settings)
    }

    func request(_ url: String, body: String = "{}", headers: HTTPFields = [:]) throws -> PreparedRequest {
        PreparedRequest(url: try #require(TargetURL(url)), headers: headers, body: Array(body.utf8))
    }

    func send(
        _ url: String, body: String = "{}", within timeout: Duration = .seconds(2), verified: Bool = true
    ) async throws -> Outcome {
        var request = try request(url, body: body)
        request.verifiesCertificates = verified
        return await sink.send(request, within: timeout)
    }
}

/// A resolver whose answers the test sets, and changes between one request and the next.
final class MadeUpNames: NameResolver {
    private let names = Mutex<[String: Resolution]>([:])
    private let asked = Mutex(0)

    var lookUps: Int { asked.withLock { $0 } }

    func set(_ name: String, _ addresses: [String], validFor: Duration = .zero) {
        names.withLock { $0[name] = .addresses(addresses.compactMap(NetworkAddress.init), validFor: validFor) }
    }

    func set(_ name: String, _ resolution: Resolution) {
        names.withLock { $0[name] = resolution }
    }

    func resolve(
        _ name: String, for organization: OrganizationID?, within timeout: Duration
    ) async -> Resolution {
        asked.withLock { $0 += 1 }
        return names.withLock { $0[name] } ?? .unknown(reason: "the name does not exist")
    }
}

/// Runs something and says how long it took.
func timed<Value>(_ work: () async throws -> Value) async rethrows -> (Value, Duration) {
    let clock = ContinuousClock()
    let start = clock.now
    let value = try await work()
    return (value, clock.now - start)
}

/// Runs something on one event loop: connections belong to a loop, so tests that count them stay on one.
func onOneLoop<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let executor = LoopExecutor(MultiThreadedEventLoopGroup.singleton.next())
    return try await Task(executorPreference: executor) { try await work() }.value
}
