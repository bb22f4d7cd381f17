public import GatehouseCore

/// Turns a name into addresses, away from the event loops. The guard judges what comes back; a resolver judges nothing.
public protocol NameResolver: Sendable {
    /// Looks a name up and returns within about `timeout`, whatever the system's resolver does.
    ///
    /// - Parameter organization: on whose account, so that the names of one keep none of the others waiting; nil for
    ///   the gateway's own.
    func resolve(_ name: String, for organization: OrganizationID?, within timeout: Duration) async -> Resolution
}

/// What a look-up came to.
public enum Resolution: Hashable, Sendable {
    /// The addresses, best first, and how long they may be relied on without asking again.
    case addresses([NetworkAddress], validFor: Duration)
    /// There are none, and why, in words for the owner of the subscription.
    case unknown(reason: String)
    /// The time was up before there was an answer.
    case timedOut
}
