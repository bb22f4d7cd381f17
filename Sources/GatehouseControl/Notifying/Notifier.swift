package import GatehouseCore

/// That something may have changed: what waits for it looks into the store sooner than it would by itself.
///
/// A hint is never the only way to learn of something: it may be lost, come twice, or come for nothing.
package enum Hint: Hashable, Sendable {
    /// Events were committed, which the feed's readers wait for.
    case eventsCommitted
    /// A subscription was added, changed or deleted.
    case subscriptionChanged(SubscriptionID)
    /// Deliveries of a subscription became due, or came to be owed.
    case deliveriesDue(SubscriptionID)
    /// An operator asked for a retry of deliveries of a subscription: they are made at once, also if its receiver
    /// rests.
    case retryAsked(SubscriptionID)
    /// A replay to a subscription was begun.
    case replayBegun(SubscriptionID)
    /// The store has more of a registry than the memory here.
    case registryStale(RegistryName)
}

/// The registries by name, for hints.
package enum RegistryName: String, CaseIterable, Hashable, Sendable {
    /// The four members of ``Registries``.
    case directory, subscriptions, keys, triggers
}

/// Where hints are posted, and who hears them: the one place for what would be a private wire between two parts.
///
/// It stands in memory (``LocalNotifier``). A store that carries hints between gateways would be another of these.
package protocol Notifier: Sendable {
    /// Tells every observer. It neither waits nor fails.
    func post(_ hint: Hint)

    /// Adds an observer, which is handed every hint and takes those that concern it. It must not wait.
    func observe(_ observer: @escaping @Sendable (Hint) -> Void)
}
