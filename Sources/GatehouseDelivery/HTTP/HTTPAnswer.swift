public import GatehouseCore
public import HTTPTypes

/// A receiver's whole answer, as far as the caller wanted it: for the command line and for drivers that read what comes
/// back. Deliveries keep less, see ``HTTPSink``.
public struct HTTPAnswer: Sendable {
    /// The status code; a redirect stands here as it came, because none is followed.
    public let status: Int
    /// The header fields in order; one whose name is no token is left out.
    public let headers: HTTPFields
    /// The body to the bound that was asked for, as it came: no content coding is undone.
    public let body: [UInt8]
    /// Whether there was more of the body, or the connection ended before all of it had come.
    public let isTruncated: Bool
}

/// Why there is no answer: any outcome but an answer.
public struct ExchangeError: Error, Hashable, CustomStringConvertible {
    /// What was met.
    public let outcome: Outcome

    /// The outcome in words for whoever asked; no URL, no secret.
    public var description: String { outcome.sentence }
}
