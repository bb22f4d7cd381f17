import GatehouseCore
import GatehouseDelivery
import Synchronization

/// A sink that dials no address: it answers as a test says and keeps what it was given.
final class RecordingSink: Sink {
    private struct State {
        var sent: [PreparedRequest] = []
        var answer: @Sendable (Int) -> Outcome
        var hosts: [String: Outcome] = [:]
    }

    private let state: Mutex<State>

    /// Answers the nth request, from 1, with `answer(n)`.
    init(_ answer: @escaping @Sendable (Int) -> Outcome = { _ in .answered(.init(status: 204)) }) {
        state = Mutex(State(answer: answer))
    }

    func answer(_ answer: @escaping @Sendable (Int) -> Outcome) { state.withLock { $0.answer = answer } }

    /// Answers one host always the same, independent of the others.
    func answer(_ host: String, with outcome: Outcome?) { state.withLock { $0.hosts[host] = outcome } }

    /// Everything that was sent, in order.
    var sent: [PreparedRequest] { state.withLock { $0.sent } }

    /// The callers' ids of the events that were sent, in order.
    var sourceIDs: [String] { sent.compactMap { (try? JSONParser.parse($0.body))?["id"]?.text } }

    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome {
        state.withLock { state in
            state.sent.append(request)
            return state.hosts[request.url.host] ?? state.answer(state.sent.count)
        }
    }
}
