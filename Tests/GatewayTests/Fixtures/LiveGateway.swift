internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseTesting
internal import HTTPTypes
internal import Logging
internal import NIOPosix
import Testing

/// A whole gateway on a free port, its store in memory, and a client of its APIs.
enum LiveGateway {
    /// The key above all trees.
    static let admin = "gk_" + String(repeating: "k", count: 43)

    /// Runs a gateway during the test.
    static func with(
        _ dialects: [any Dialect], _ change: (inout GatewaySettings) -> Void = { _ in },
        resolving lookUp: @escaping SystemResolver.LookUp = SystemResolver.getAddresses,
        gate: FaultGate = FaultGate(), logger recording: Logger? = nil,
        _ test: (Client) async throws -> Void
    ) async throws {
        var settings = GatewaySettings()
        settings.store = "sqlite::memory:"
        settings.server.port = 0
        settings.allowedTargets = [try AddressRange("127.0.0.0/8")]
        settings.adminKey = Secret(admin)
        // Tests with many refusals must not wait for held answers.
        settings.server.guesses.firstWait = .zero
        change(&settings)
        // A logger that keeps the metadata of a request, as the gateway's own does, and writes none of it.
        var logger = Logger(label: "live") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let observability = Gateway.Observability(logger: recording ?? logger, metrics: PrometheusMetrics())
        let gateway = try await Gateway.build(
            settings, dialects: dialects, observability: observability, resolving: lookUp, gate: gate)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await gateway.run() }
            defer { tasks.cancelAll() }
            let address = try #require(await gateway.boundAddress())
            let client = try Client(base: "http://\(address.host):\(address.port)", store: gateway.store)
            do {
                try await test(client)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
            await gateway.stop()
            try await tasks.waitForAll()
        }
    }

    /// Calls a gateway over real sockets.
    struct Client: Sendable {
        let base: String
        /// The gateway's own store, for data that no interface accepts or shows.
        let store: any Store
        private let pool: ConnectionPool

        init(base: String, store: any Store) throws {
            self.base = base
            self.store = store
            let loopback = EgressGuard(allowed: [try AddressRange("127.0.0.0/8")])
            pool = ConnectionPool(group: .singleton, egress: loopback, resolver: SystemResolver())
        }

        func close() async { await pool.shutdown() }

        /// The answer to a call.
        struct Answer {
            let status: Int
            let headers: HTTPFields
            let body: [UInt8]
            var text: String { String(decoding: body, as: UTF8.self) }
            var json: JSON { (try? JSONParser.parse(body)) ?? .null }

            func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        }

        func send(
            _ method: HTTPRequest.Method, _ path: String, key: String? = LiveGateway.admin,
            headers: HTTPFields = [:], body: [UInt8] = []
        ) async throws -> Answer {
            var headers = headers
            if let key { headers[.authorization] = "Bearer \(key)" }
            let url = try #require(TargetURL(base + path))
            let request = PreparedRequest(method: method, url: url, headers: headers, body: body)
            let answer = try await pool.exchange(request, timeout: .seconds(20), answerBytes: 1 << 20)
            return Answer(status: answer.status, headers: answer.headers, body: answer.body)
        }

        func get(_ path: String, key: String? = LiveGateway.admin) async throws -> Answer {
            try await send(.get, path, key: key)
        }

        func post(_ path: String, _ body: JSON, key: String? = LiveGateway.admin) async throws -> Answer {
            try await send(.post, path, key: key, headers: [.contentType: "application/json"], body: body.bytes)
        }

        func put(_ path: String, _ body: JSON, key: String? = LiveGateway.admin) async throws -> Answer {
            try await send(.put, path, key: key, headers: [.contentType: "application/json"], body: body.bytes)
        }

        /// Creates a test's resource; a refusal fails the test.
        @discardableResult
        func make(_ path: String, _ body: JSON, key: String? = LiveGateway.admin) async throws -> JSON {
            let answer = try await post(path, body, key: key)
            try #require(answer.status == 201, "\(path): \(answer.text)")
            return answer.json
        }
    }
}
