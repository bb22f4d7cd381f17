internal import GatehouseVerification
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// A receiver on a free port of the loopback that answers each request as the test says.
struct AnsweringReceiver {
    /// The answer to a request, by its path and contents.
    typealias Answer = @Sendable (_ path: String, ReceivedRequest) -> (HTTPResponse.Status, String)

    private let port: AsyncStream<Int>
    private let group: ServiceGroup

    /// - Parameter path: the path of its requests.
    init(at path: String, answer: @escaping Answer) {
        let (port, bound) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.post(RouterPath(path)) { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let received = ReceivedRequest(
                headers: request.headers.map { ($0.name.rawName, $0.value) }, body: Array(body.readableBytesView))
            let (status, text) = answer(request.uri.string, received)
            return Response(status: status, body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        self.port = port
        self.group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: logger))
    }

    /// Runs it during the test.
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

extension ReceivedRequest {
    /// The value of a header; nil if it is missing.
    func field(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
