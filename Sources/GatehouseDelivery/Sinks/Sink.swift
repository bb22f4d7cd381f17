public import GatehouseCore

/// How bytes leave: takes one prepared request and says what it met.
///
/// A sink never throws, because nothing that a receiver does is an error of ours; it always returns, within a bound
/// that follows from `timeout`; and it may be called from any task, though it is quickest from one that runs on an
/// event loop.
public protocol Sink: Sendable {
    /// Sends one request and reads the answer to a bound.
    ///
    /// - Parameter timeout: how long each phase may take. ``HTTPSink`` ends the whole attempt after
    ///   ``PreparedRequest/longest``; where that is nil at twice this time, or at 60 seconds where that is sooner.
    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome
}

/// Sends over HTTP/1.1 through the pool, and keeps of the answer what an attempt records.
public struct HTTPSink: Sink {
    private let pool: ConnectionPool
    private let allowsPlainHTTP: Bool

    /// The longest piece of an answer's body that is kept, in bytes.
    public static let longestExcerpt = 1024

    /// Sends through `pool`.
    ///
    /// - Parameter allowsPlainHTTP: whether http may go to public addresses, see ``EgressGuard``.
    public init(_ pool: ConnectionPool, allowsPlainHTTP: Bool = false) {
        self.pool = pool
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Sends through the pool; the status of an answer whose head was whole stands, whatever its body did.
    public func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome {
        let wanted = PoolRequest(
            prepared: request, timeout: timeout, bodyKept: Self.longestExcerpt, allowsPlainHTTP: allowsPlainHTTP)
        switch await pool.run(wanted) {
        case .failed(let outcome): return outcome
        case .answered(let reading):
            var answer = Outcome.Answer(
                status: reading.status, retryAfter: reading.retryAfter, excerpt: reading.body)
            answer.redirect = reading.location.flatMap { Redirect.words(of: $0, from: request.url) }
            return .answered(answer)
        }
    }
}
