import GatehouseCore
import NIOCore

/// What is asked of the pool.
struct PoolRequest: Sendable {
    let prepared: PreparedRequest
    let timeout: Duration
    /// How many bytes of the answer's body the caller wants.
    let bodyKept: Int
    /// Whether the caller wants the answer's header fields.
    var keepsFields = false
    let allowsPlainHTTP: Bool

    /// How long the whole attempt may take, whatever phase it is in: as long as its contract says, else twice the
    /// time-out, and 60 seconds at most.
    var longest: Duration { prepared.longest ?? min(timeout * 2, .seconds(60)) }
}

/// One request on its way through the pool, and the caller who waits for it.
///
/// It is handed to one event loop at the beginning and touched on that loop alone, which is all the safety it has and
/// needs; `Sendable` is claimed for the handing over.
final class Exchange: @unchecked Sendable {
    /// What the caller gets.
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

    /// Goes on to the next phase, which has the time-out for itself within the whole attempt's end.
    func enter(_ phase: Outcome.Phase, now: NIODeadline) {
        self.phase = phase
        self.deadline = min(now + timeout, end)
    }

    /// Tells the caller, once; later conclusions are nobody's any more.
    func conclude(_ conclusion: Conclusion) {
        caller?.resume(returning: conclusion)
        caller = nil
    }
}
