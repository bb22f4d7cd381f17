internal import GatehouseControl
internal import GatehouseCore

/// What vendors' APIs are served by: the same use cases as the native API.
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
    /// Where large events are made readable.
    let pages: HeavyWork
    /// How often each key has called.
    let windows: RateWindows
}
