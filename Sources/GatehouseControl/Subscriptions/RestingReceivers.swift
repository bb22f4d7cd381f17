package import GatehouseCore
internal import Synchronization

/// The receivers that rest after failures, and until when: told by the deliveries, shown on the subscriptions.
///
/// It is about this gateway alone: each gateway on a store has its own pace.
package final class RestingReceivers: Sendable {
    private let rests = Mutex<[SubscriptionID: Instant]>([:])

    /// Without any.
    package init() {}

    /// Notes until when a receiver rests; nil when it does not.
    package func set(_ id: SubscriptionID, until end: Instant?) { rests.withLock { $0[id] = end } }

    /// When the rest of a receiver ends; nil if it does not rest at `now`.
    package func end(of id: SubscriptionID, at now: Instant) -> Instant? {
        rests.withLock { $0[id] }.flatMap { now < $0 ? $0 : nil }
    }
}
