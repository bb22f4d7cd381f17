internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Abandons a receiver that is gone: disables its subscription and raises `subscription.disabled` for the other
/// subscriptions that want it and for the operator, in one commit.
struct Disabling: Sendable {
    let subscriptions: SubscriptionRegistry
    let raising: Raising
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let signals: DeliverySignals

    /// Several attempts may get 410 at once; the first one disables and reports, the others find it done.
    func disable(_ subscription: Subscription, because reason: String) async {
        let entries = entries(reason: reason, of: subscription)
        do {
            let appended = try await subscriptions.disable(
                subscription, events: ChangeEvents(entries, by: lease.value), audited: line(subscription, reason))
            signals.tellAccepted(appended)
            for owed in entries.flatMap(\.owed) { signals.notifier.post(.deliveriesDue(owed.subscription)) }
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

    /// The event does not contain the URL: it may hold a token, and others read the event.
    private func event(of subscription: Subscription, _ reason: String) -> AdmittedEvent {
        var random = SystemRandomNumberGenerator()
        let about = Raising.block(about: subscription, reason)
        return AdmittedEvent.own(
            .subscriptionDisabled, of: subscription.organization,
            data: JSONObject([JSONObject.Member("subscription", .object(about))]), in: raising.directory.directory,
            at: clock.now, using: &random)
    }

    /// If the operator's own subscription is disabled, only the log says so.
    private func entries(reason: String, of disabled: Subscription) -> [Entry] {
        guard disabled.organization != .operators else { return [] }
        return [raising.entry(event(of: disabled, reason))]
    }
}
