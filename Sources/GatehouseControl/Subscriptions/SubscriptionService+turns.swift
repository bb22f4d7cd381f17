package import GatehouseCore

/// Changes of one subscription by several callers at the same time. The store accepts only a change of the newest
/// revision. If another change came first, the change is computed again from the present subscription, so that it
/// reverts no other change.
extension SubscriptionService {
    /// How often a change is computed before its caller gets the conflict.
    package static let turns = 16

    /// The result of a change.
    package struct Updated: Sendable {
        /// The subscription from which the change was computed.
        package let before: Subscription
        /// The subscription as it is now.
        package let after: Subscription
        /// The change, in the format of the native API.
        package let body: JSONObject
    }

    /// Changes a subscription, and tries again if another change came first.
    ///
    /// - Parameters:
    ///   - seen: the subscription as the caller found it.
    ///   - work: computes the change from the given subscription, and makes it.
    /// - Throws: what `work` throws; ``StoreError/missing`` if the subscription was deleted; the last
    ///   ``StoreError/conflict(index:_:field:)`` if other changes came first in every turn. Then the memory
    ///   is as the store.
    func changing<Answer: Sendable>(
        _ seen: Subscription, _ work: (Subscription) async throws -> Answer
    ) async throws -> Answer {
        var present = seen
        var turn = 1
        while true {
            do {
                return try await work(present)
            } catch let error as StoreError {
                switch error {
                case .conflict, .missing: try await follow(present)
                case .unavailable, .overloaded, .urlTaken, .corrupt, .fenced: throw error
                }
                guard case .conflict = error, turn < Self.turns else { throw error }
            }
            guard let newer = registry.index[present.id] else { throw StoreError.missing }
            present = newer
            turn += 1
        }
    }

    /// Reads the subscriptions again, unless the memory knows a later revision of this one already.
    private func follow(_ known: Subscription) async throws(StoreError) {
        if registry.index[known.id]?.revision == known.revision { try await registry.refresh() }
    }
}
