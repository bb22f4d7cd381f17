package import GatehouseCore

/// Turns a name into addresses, outside the event loops. The guard judges the result; a resolver judges nothing.
package protocol NameResolver: Sendable {
    /// Looks a name up and returns within about `timeout`, even if the system's resolver hangs.
    ///
    /// - Parameter organization: the organization that the look-up counts for, so that one organization's names delay
    ///   no other; nil for the gateway's own.
    func resolve(_ name: String, for organization: OrganizationID?, within timeout: Duration) async -> Resolution
}

/// The result of a look-up.
package enum Resolution: Hashable, Sendable {
    /// The addresses, best first, and how long they are valid.
    case addresses([NetworkAddress], validFor: Duration)
    /// There are none; the reason is for the owner of the subscription.
    case unknown(reason: String)
    /// The time was up before an answer came.
    case timedOut
}
