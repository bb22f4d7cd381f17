/// All that the gateway asks of a store. Each part is narrow, so that a caller names just what it needs.
public protocol Store: EventStore, DeliveryStore, HistoryStore, DirectoryStore, SubscriptionStore, CredentialStore,
    AuditStore, HousekeepingStore
{
    /// Finishes what is under way and lets go of files and connections.
    func close() async
}

/// What went wrong with the store, named for what the caller can do about it. Nothing in it quotes SQL or a secret.
public enum StoreError: Error, Hashable, Sendable {
    /// The store is away, full or locked: come again later. Nothing was written.
    case unavailable(String)
    /// More waits to be written than may: come again later. Nothing was written.
    case overloaded
    /// An identifier is taken, or an event's id was used before with another content. Nothing was written. `field` is
    /// the one that is at fault; nil where no field is.
    case conflict(index: Int?, String, field: String? = "id")
    /// Another subscription has the URL, and the ``URLRule`` is against a second one. Nothing was written.
    case urlTaken(by: SubscriptionID)
    /// What is to be changed is not there.
    case missing
    /// What was read does not make sense: the file is damaged.
    case corrupt(String)
    /// This incarnation was declared dead by another gateway; it must begin anew before it writes.
    case fenced
}
