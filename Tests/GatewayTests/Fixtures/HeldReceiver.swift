internal import GatehouseVerification
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// A receiver on a free port that answers no request until it is released, and shows the requests.
final class HeldReceiver: Sendable {
    let messages: AsyncStream<ReceivedRequest>
    private let port: AsyncStream<Int>
    private let group: ServiceGroup
    private let door = Door()

    /// - Parameter status: the status of its answers in the end.
    init(answering status: HTTPResponse.Status) {
        let (messages, arrived) = AsyncStream<ReceivedRequest>.makeStream()
        let (port, bound) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.post("/in") { [door] request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let headers = request.headers.map { ($0.name.rawName, $0.value) }
            arrived.yield(ReceivedRequest(headers: headers, body: Array(body.readableBytesView)))
            await door.pass()
            return Response(status: status)
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        self.messages = messages
        self.port = port
        self.group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: logger))
    }

    /// Answers all held requests, and later ones at once.
    func letGo() { door.open() }

    /// Runs it during the test.
    func serving(_ test: (_ url: String) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { [group] tasks in
            tasks.addTask { try await group.run() }
            defer {
                letGo()
                tasks.cancelAll()
            }
            try await test("http://127.0.0.1:\(await port.first { _ in true } ?? 0)/in")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// The next received requests.
    func next(_ count: Int) async -> [ReceivedRequest] {
        var requests: [ReceivedRequest] = []
        for await message in messages {
            requests.append(message)
            if requests.count == count { break }
        }
        return requests
    }

    /// Lets no request pass until it is opened.
    private final class Door: Sendable {
        private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

        func open() {
            let waiting = state.withLock { state in
                defer { state = (true, []) }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }
    }
}
