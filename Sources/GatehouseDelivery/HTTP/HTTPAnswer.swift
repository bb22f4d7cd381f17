package import GatehouseCore
package import HTTPTypes

/// A receiver's whole answer, as far as the caller wanted it: for the command line and for drivers that read answers.
/// Deliveries keep less, see ``HTTPSink``.
package struct HTTPAnswer: Sendable {
    /// The status code; it may be a redirect, because none is followed.
    package let status: Int
    /// The header fields in order; a field whose name is not a token is left out.
    package let headers: HTTPFields
    /// The body up to the requested bound, unchanged: no content coding is undone.
    package let body: [UInt8]
    /// Whether the body was longer, or the connection ended before its end.
    package let isTruncated: Bool
}

/// Why there is no answer: any outcome but an answer.
package struct ExchangeError: Error, Hashable, CustomStringConvertible {
    /// The outcome.
    package let outcome: Outcome

    /// The outcome in words for the caller; no URL, no secret.
    package var description: String { outcome.sentence }
}
