import GatehouseCore
import GatehouseDelivery
import Testing

/// Reports about a receiver that fails.
extension DeliveryBench {
    /// A subscription whose receiver answers this, and one that wants the gateway's reports about the first.
    func subscribe(
        _ name: String, answering outcome: Outcome, observedFor kinds: [String],
        _ change: (inout Terms) -> Void = { _ in }
    ) async throws -> (failing: Subscription, other: Subscription) {
        sink.answer("\(name).example", with: outcome)
        return (try await subscribe(name, change), try await subscribe("ops") { $0.kinds = kinds })
    }

    /// The deliveries of a subscription, newest first.
    func deliveries(to subscription: Subscription) async throws -> [Delivery] {
        var filter = DeliveryFilter(limit: 1000)
        filter.subscription = subscription.id
        return try await store.deliveries(filter).deliveries
    }

    /// The events that were owed to a subscription, oldest first.
    func told(_ subscription: Subscription) async throws -> [Event] {
        var events: [Event] = []
        for delivery in try await deliveries(to: subscription).reversed() {
            events.append(try #require(try await store.event(delivery.event)))
        }
        return events
    }
}

/// Repeats a call, like a caller that got no answer.
func again<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch is StoreError { return try await call() }
}
