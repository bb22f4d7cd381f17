internal import GatehouseControl
internal import GatehouseCore

/// The services for vendors' APIs: the same use cases as the native API.
struct VendorServices: Sendable {
    let directory: DirectoryRegistry
    let registry: SubscriptionRegistry
    let triggers: TriggerRegistry
    let subscriptions: SubscriptionService
    let store: any HistoryStore & EventStore
    let commander: any DoorCommander
    let sessions: SessionStore
    let failedProofs: FailedProofs
    let reads: ReadAudit
    /// The queue where large events are made readable.
    let pages: HeavyWork
    /// The rate windows of keys.
    let windows: RateWindows
}
