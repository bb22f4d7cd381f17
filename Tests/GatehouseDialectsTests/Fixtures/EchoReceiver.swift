internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// A receiver on a free port that takes everything, and repeats in its answer what it was sent.
struct EchoReceiver {
    /// What it repeats; of an answer only the beginning is kept.
    enum Part: Sendable {
        case body, head
    }

    private let port: AsyncStream<Int>
    private let group: ServiceGroup

    init(repeating part: Part, answering status: HTTPResponse.Status = .ok) {
        let (port, bound) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.post("/in/{rest}") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            switch part {
            case .body: return Response(status: status, body: .init(byteBuffer: body))
            case .head:
                let fields = request.headers.map { "\($0.name.rawName): \($0.value)" }.joined(separator: "\n")
                return Response(
                    status: status, body: .init(byteBuffer: ByteBuffer(string: "\(request.uri.string)\n\(fields)")))
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        self.port = port
        self.group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: logger))
    }

    /// Runs it for as long as the test takes.
    func serving(_ test: (_ url: String) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            defer { tasks.cancelAll() }
            try await test("http://127.0.0.1:\(await port.first { _ in true } ?? 0)/in")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
