internal import GatehouseVerification
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// A turnstile's server on a free port: answers 503 to the first message and 200 to the others, and shows each.
struct MadeUpServer {
    let messages: AsyncStream<ReceivedRequest>
    private let port: AsyncStream<Int>
    private let group: ServiceGroup

    init() {
        let (messages, arrived) = AsyncStream<ReceivedRequest>.makeStream()
        let (port, bound) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "acme") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.post("/in") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 16)
            let headers = request.headers.map { ($0.name.rawName, $0.value) }
            arrived.yield(ReceivedRequest(headers: headers, body: Array(body.readableBytesView)))
            let isFirst = request.headers.contains { $0.name.rawName == "x-acme-try" && $0.value == "1" }
            return Response(status: isFirst ? .serviceUnavailable : .ok)
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        self.messages = messages
        self.port = port
        self.group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: logger))
    }

    func run() async throws { try await group.run() }

    func stop() async { await group.triggerGracefulShutdown() }

    func boundPort() async -> Int? { await port.first { _ in true } }
}
