internal import GatehouseVerification
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// A receiver on a free port that answers a try by its number, and shows each.
struct BasIPServer {
    let messages: AsyncStream<ReceivedRequest>
    private let port: AsyncStream<Int>
    private let group: ServiceGroup

    /// - Parameter answer: what a request is answered, by its `X-Webhook-Attempt`.
    init(answer: @escaping @Sendable (String) -> (HTTPResponse.Status, String)) {
        let (messages, arrived) = AsyncStream<ReceivedRequest>.makeStream()
        let (port, bound) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.post("/in") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 16)
            let headers = request.headers.map { ($0.name.rawName, $0.value) }
            arrived.yield(ReceivedRequest(headers: headers, body: Array(body.readableBytesView)))
            let number = headers.first { $0.0.lowercased() == "x-webhook-attempt" }?.1
            let (status, text) = answer(number ?? "")
            return Response(status: status, body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        self.messages = messages
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

    /// The next requests that came.
    func next(_ count: Int) async -> [ReceivedRequest] {
        var requests: [ReceivedRequest] = []
        for await message in messages {
            requests.append(message)
            if requests.count == count { break }
        }
        return requests
    }
}

extension ReceivedRequest {
    /// The value of a header; nil where it is not there.
    func field(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
