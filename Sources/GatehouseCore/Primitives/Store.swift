/// The whole interface of a store. Each part is narrow, so that a caller depends only on what it needs.
public protocol Store: EventStore, DeliveryStore, HistoryStore, ChangeStore, DirectoryStore, SubscriptionStore,
    CredentialStore, AuditStore, HousekeepingStore
{
    /// Finishes running work and closes files and connections.
    func close() async
}

/// An error of the store, named by what the caller can do about it. It never quotes SQL or a secret.
public enum StoreError: Error, Hashable, Sendable {
    /// The store is unreachable, full or locked: try again later. Nothing was written.
    case unavailable(String)
    /// Too many writes are waiting: try again later. Nothing was written.
    case overloaded
    /// An identifier is taken, or an event's id was used before with another content. Nothing was written. `field` is
    /// the one at fault; nil if none is.
    case conflict(index: Int?, String, field: String? = "id")
    /// Another subscription has the URL, and the ``URLRule`` forbids a second one. Nothing was written.
    case urlTaken(by: SubscriptionID)
    /// The thing to change does not exist.
    case missing
    /// The stored data makes no sense: the file is damaged.
    case corrupt(String)
    /// Another gateway declared this incarnation dead; it must start again before it writes.
    case fenced
}
