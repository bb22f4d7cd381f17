package import GatehouseCore

/// The way in which bytes leave: it takes one prepared request and returns the outcome.
///
/// A sink never throws, because no behaviour of a receiver is an error of ours. It always returns, within a bound
/// that follows from `timeout`. It may be called from any task, but is fastest from one that runs on an event loop.
package protocol Sink: Sendable {
    /// Sends one request and reads the answer up to a bound.
    ///
    /// - Parameter timeout: how long each phase may take. ``HTTPSink`` ends the whole attempt after
    ///   ``PreparedRequest/longest``; if that is nil, at twice this time, or at 60 seconds if that is sooner.
    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome
}

/// Sends over HTTP/1.1 through the pool, and keeps the part of the answer that an attempt records.
package struct HTTPSink: Sink {
    private let pool: ConnectionPool
    private let allowsPlainHTTP: Bool

    /// The longest excerpt of an answer's body that is kept, in bytes.
    package static let longestExcerpt = 1024

    /// Sends through `pool`.
    ///
    /// - Parameter allowsPlainHTTP: whether http may go to public addresses, see ``EgressGuard``.
    package init(_ pool: ConnectionPool, allowsPlainHTTP: Bool = false) {
        self.pool = pool
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Sends through the pool; a status with a complete head counts, even if its body is faulty.
    package func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome {
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
