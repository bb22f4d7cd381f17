import GatehouseCore
import NIOCore

/// A request to the pool.
struct PoolRequest: Sendable {
    let prepared: PreparedRequest
    let timeout: Duration
    /// How many bytes of the answer's body the caller wants.
    let bodyKept: Int
    /// Whether the caller wants the answer's header fields.
    var keepsFields = false
    let allowsPlainHTTP: Bool

    /// How long the whole attempt may take, over all phases: the time of its contract, else twice the time-out, and at
    /// most 60 seconds.
    var longest: Duration { prepared.longest ?? min(timeout * 2, .seconds(60)) }
}

/// One request on its way through the pool, and its waiting caller.
///
/// It is handed to one event loop at the beginning and touched on that loop alone; this makes it safe. It is declared
/// `Sendable` for the hand-over.
final class Exchange: @unchecked Sendable {
    /// The result for the caller.
    enum Conclusion: Sendable {
        case answered(AnswerReading)
        case failed(Outcome)
    }

    let request: PoolRequest
    /// When the whole attempt ends, see ``PoolRequest/longest``.
    let end: NIODeadline
    /// The present phase, and when it ends.
    private(set) var phase = Outcome.Phase.resolve
    private(set) var deadline: NIODeadline

    private let timeout: TimeAmount
    private var caller: UnsafeContinuation<Conclusion, Never>?

    init(_ request: PoolRequest, caller: UnsafeContinuation<Conclusion, Never>, now: NIODeadline) {
        self.request = request
        self.timeout = .nanoseconds(max(1, request.timeout.microseconds) * 1000)
        self.end = now + .nanoseconds(max(1, request.longest.microseconds) * 1000)
        self.deadline = min(now + timeout, end)
        self.caller = caller
    }

    var isConcluded: Bool { caller == nil }

    /// Enters the next phase, which has the time-out for itself, within the end of the whole attempt.
    func enter(_ phase: Outcome.Phase, now: NIODeadline) {
        self.phase = phase
        self.deadline = min(now + timeout, end)
    }

    /// Informs the caller, once; later conclusions are ignored.
    func conclude(_ conclusion: Conclusion) {
        caller?.resume(returning: conclusion)
        caller = nil
    }
}
