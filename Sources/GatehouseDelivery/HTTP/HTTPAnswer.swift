public import GatehouseCore
public import HTTPTypes

/// A receiver's whole answer, as far as the caller wanted it: for the command line and for drivers that read answers.
/// Deliveries keep less, see ``HTTPSink``.
public struct HTTPAnswer: Sendable {
    /// The status code; it may be a redirect, because none is followed.
    public let status: Int
    /// The header fields in order; a field whose name is not a token is left out.
    public let headers: HTTPFields
    /// The body up to the requested bound, unchanged: no content coding is undone.
    public let body: [UInt8]
    /// Whether the body was longer, or the connection ended before its end.
    public let isTruncated: Bool
}

/// Why there is no answer: any outcome but an answer.
public struct ExchangeError: Error, Hashable, CustomStringConvertible {
    /// The outcome.
    public let outcome: Outcome

    /// The outcome in words for the caller; no URL, no secret.
    public var description: String { outcome.sentence }
}
