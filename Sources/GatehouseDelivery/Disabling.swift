internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Gives up on a receiver that is gone: disables its subscription and raises `subscription.disabled` to the others that
/// want to know and to the operator, in one commit.
struct Disabling: Sendable {
    let subscriptions: SubscriptionRegistry
    let raising: Raising
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let signals: DeliverySignals

    /// Several attempts may hear 410 at once; the first one disables and tells, the others find it done.
    func disable(_ subscription: Subscription, because reason: String) async {
        let entries = entries(telling: reason, of: subscription)
        do {
            let appended = try await subscriptions.disable(
                subscription, telling: ChangeEvents(entries, by: lease.value), audited: line(subscription, reason))
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
            // Deleted meanwhile: there is nothing left to disable.
        } catch {
            signals.logger.error(
                "a subscription whose receiver is gone could not be disabled",
                metadata: ["subscription": "\(subscription.id)", "error": "\(error)"])
        }
    }

    /// Somebody changed it meanwhile: the delivery stays owed, and the next 410 speaks about the new terms. Where
    /// nobody here knows of a change, it may have been our own, whose answer was lost: then it is done, and only the
    /// memory has to follow.
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
            .disable, (.subscription, subscription.id.text), of: organization == .operators ? nil : organization,
            by: (.gateway, clock.now))
        entry.details["reason"] = .string(reason)
        return entry
    }

    /// Of the URL nothing is told: it may hold a token, and others read this.
    private func event(of subscription: Subscription, _ reason: String) -> AdmittedEvent {
        var random = SystemRandomNumberGenerator()
        let about = Raising.block(about: subscription, reason)
        return AdmittedEvent.own(
            .subscriptionDisabled, of: subscription.organization,
            data: JSONObject([JSONObject.Member("subscription", .object(about))]), in: raising.directory.directory,
            at: clock.now, using: &random)
    }

    /// Where the operator's own is disabled, the log alone says so.
    private func entries(telling reason: String, of disabled: Subscription) -> [Entry] {
        guard disabled.organization != .operators else { return [] }
        return [raising.entry(event(of: disabled, reason))]
    }
}
