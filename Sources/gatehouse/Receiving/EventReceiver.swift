import GatehouseCore
import GatehouseGateway
import GatehouseVerification
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A receiver over HTTP, as a subscriber would write one: it verifies every delivery with the receivers' library,
/// remembers the accepted ids, and can be told to fail. It shares no code with the signer.
final class EventReceiver: Sendable {
    /// A request and its answer.
    struct Arrival: Sendable {
        /// The event, or why the request was refused.
        let result: Result<VerifiedEvent, VerificationError>
        /// Whether every event in it was accepted before.
        let isDuplicate: Bool
        /// The status of the answer.
        let status: Int
        /// When the request came.
        let time: Instant
        /// The ids of its events that were accepted before, if it has several events.
        var repeated: Set<String> = []
        /// The header fields of the request.
        var headers = HTTPFields()
    }

    /// The largest body that is read, in bytes: larger than the largest event.
    static let bodyBytes = 17 << 20

    private struct State {
        var verifier: Verifier?
        var mood = ReceiverMood()
        var taken = RecentIDs()
        var running: (group: ServiceGroup, task: Task<Void, any Error>)?
    }

    private let state: Mutex<State>
    private let identity: SelfSignedIdentity?
    private let tell: @Sendable (Arrival) -> Void

    /// A receiver that reports every request. Without a verifier it refuses every request until ``trust(_:)``; with an
    /// identity it uses TLS.
    init(
        verifier: Verifier? = nil, mood: ReceiverMood = ReceiverMood(), identity: SelfSignedIdentity? = nil,
        tell: @escaping @Sendable (Arrival) -> Void
    ) {
        self.identity = identity
        self.state = Mutex(State(verifier: verifier, mood: mood))
        self.tell = tell
    }

    /// Verifies with this from now on.
    func trust(_ verifier: Verifier) { state.withLock { $0.verifier = verifier } }

    /// Changes the answers from now on.
    func change(_ mood: ReceiverMood) { state.withLock { $0.mood = mood } }

    /// Listens, and returns the port as soon as it does; port 0 takes any free port.
    func start(host: String, port: Int) async throws -> Int {
        let (bound, ready) = AsyncThrowingStream<Int, any Error>.makeStream()
        let quiet = Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { [self] request, _ in try await answer(request) },
            server: try identity.map { try .tls(tlsConfiguration: $0.configuration) } ?? .http1(),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "gatehouse-listen"),
            onServerRunning: { channel in ready.yield(channel.localAddress?.port ?? port) }, logger: quiet)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: quiet))
        // Detached: a receiver ends when it is told to end, not when the task that started it ends.
        let task = Task.detached {
            do {
                try await group.run()
                ready.finish()
            } catch {
                ready.finish(throwing: error)
                throw error
            }
        }
        state.withLock { $0.running = (group, task) }
        for try await port in bound { return port }
        throw CancellationError()
    }

    /// Accepts no new connection, answers requests under way, and returns when the socket is closed.
    func stop() async {
        guard let running = end() else { return }
        await running.group.triggerGracefulShutdown()
        _ = await running.task.result
    }

    /// Closes the socket and every connection at once, as in a crash: later connections are refused.
    func cut() async {
        guard let running = end() else { return }
        running.task.cancel()
        _ = await running.task.result
    }

    private func end() -> (group: ServiceGroup, task: Task<Void, any Error>)? {
        state.withLock { state in
            defer { state.running = nil }
            return state.running
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        // `gatehouse wait` sends this request; it is not a delivery.
        if request.method == .get, request.uri.path == "/readyz" { return Response(status: .noContent) }
        let now = SystemClock().now
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyBytes)
        } catch is NIOTooManyBytesError {
            return Response(status: .contentTooLarge)
        }
        let received = ReceivedRequest(
            headers: request.headers.map { ($0.name.rawName, $0.value) }, body: Array(body.readableBytesView))
        var (arrival, delay) = judge(received, at: now)
        arrival.headers = request.headers
        if let delay { try await Task.sleep(for: delay) }
        tell(arrival)
        guard case .failure(let refusal) = arrival.result else {
            return Response(status: HTTPResponse.Status(code: arrival.status))
        }
        return Response(
            status: .unauthorized, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(refusal)\n")))
    }

    private func judge(_ request: ReceivedRequest, at now: Instant) -> (Arrival, Duration?) {
        state.withLock { state in
            do throws(VerificationError) {
                guard let verifier = state.verifier else { throw .wrongSignature }
                let event = try verifier.verify(request, now: now.seconds)
                let status = state.mood.nextStatus()
                let repeated = Set(event.ids.filter(state.taken.contains))
                let isDuplicate = !event.ids.isEmpty && repeated.count == Set(event.ids).count
                // A delivery that is answered with a failure was not accepted, and comes again.
                if (200..<300).contains(status) {
                    for id in event.ids { state.taken.insert(id) }
                }
                return (
                    Arrival(
                        result: .success(event), isDuplicate: isDuplicate, status: status, time: now,
                        repeated: repeated), state.mood.slow
                )
            } catch {
                return (Arrival(result: .failure(error), isDuplicate: false, status: 401, time: now), nil)
            }
        }
    }
}
