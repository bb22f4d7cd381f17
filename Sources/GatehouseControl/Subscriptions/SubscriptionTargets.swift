package import GatehouseCore

/// Says whether a subscription may name a target, and tries one by hand: the same rules that hold when a delivery is
/// dialled.
package protocol SubscriptionTargets: Sendable {
    /// Why the target is refused, in words for the owner of the subscription; nil where it is allowed. A name that
    /// cannot be resolved now is no reason: it is looked up again before every attempt.
    ///
    /// - Parameter organization: on whose account a name is looked up; nil for the gateway's own.
    func refusal(of url: TargetURL, for organization: OrganizationID?) async -> String?

    /// Sends one request now, through the same rules and connections as deliveries.
    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome
}
