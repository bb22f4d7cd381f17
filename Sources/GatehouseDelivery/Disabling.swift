internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Abandons a receiver that is gone: disables its subscription and raises `subscription.disabled` for the other
/// subscriptions that want it and for the operator, in one commit.
struct Disabling: Sendable {
    let subscriptions: SubscriptionRegistry
    let intake: RaisingIntake
    let clock: any WallClock
    let signals: DeliverySignals

    /// Several attempts may get 410 at once; the first one disables and reports, the others find it done.
    func disable(_ subscription: Subscription, because reason: String) async {
        do {
            try await subscriptions.disable(
                subscription, audited: line(subscription, reason), events: events(about: subscription, reason),
                through: intake)
            signals.tellRaised(
                .subscriptionDisabled, .warning, "subscription disabled",
                [
                    "subscription": "\(subscription.id)", "organization": "\(subscription.organization)",
                    "receiver": "\(subscription.terms.url)", "reason": "\(reason)",
                ])
        } catch .conflict {
            await reread(subscription)
        } catch .missing {
            // It was deleted meanwhile: there is nothing to disable.
        } catch {
            signals.logger.error(
                "a subscription whose receiver is gone could not be disabled",
                metadata: ["subscription": "\(subscription.id)", "error": "\(error)"])
        }
    }

    /// A caller changed it meanwhile: the delivery stays owed, and the next 410 is about the new terms. If this gateway
    /// knows of no change, the change may be its own, whose answer was lost: then it is done, and only the memory has
    /// to follow.
    private func reread(_ subscription: Subscription) async {
        guard subscriptions.index[subscription.id]?.revision == subscription.revision else { return }
        do {
            try await subscriptions.refresh()
        } catch {
            signals.logger.warning(
                "a subscription could not be read again",
                metadata: ["subscription": "\(subscription.id)", "error": "\(error)"])
        }
    }

    private func line(_ subscription: Subscription, _ reason: String) -> AuditEntry {
        let organization = subscription.organization
        var entry = AuditEntry(
            .disable, .subscription, subscription.id.text, of: organization == .operators ? nil : organization,
            by: .gateway, at: clock.now)
        entry.details["reason"] = .string(reason)
        return entry
    }

    /// If the operator's own subscription is disabled, only the log says so. The event does not contain the URL: it may
    /// hold a token, and others read the event.
    private func events(about disabled: Subscription, _ reason: String) -> [AdmittedEvent] {
        guard disabled.organization != .operators else { return [] }
        var random = SystemRandomNumberGenerator()
        let about = Raising.block(about: disabled, reason)
        let event = AdmittedEvent.own(
            .subscriptionDisabled, of: disabled.organization,
            data: JSONObject([JSONObject.Member("subscription", .object(about))]),
            in: intake.raising.directory.directory, at: clock.now, using: &random)
        return [event]
    }
}
