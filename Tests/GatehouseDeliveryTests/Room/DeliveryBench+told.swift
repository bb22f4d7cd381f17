import GatehouseCore
import GatehouseDelivery
import Testing

/// Who is told of a receiver that fails.
extension DeliveryBench {
    /// A subscription whose receiver answers so, and one that wants to know what the gateway tells of the first.
    func subscribe(
        _ name: String, answering outcome: Outcome, observedFor kinds: [String],
        _ change: (inout Terms) -> Void = { _ in }
    ) async throws -> (failing: Subscription, other: Subscription) {
        sink.answer("\(name).example", with: outcome)
        return (try await subscribe(name, change), try await subscribe("ops") { $0.kinds = kinds })
    }

    /// What is owed to a subscription, newest first.
    func deliveries(to subscription: Subscription) async throws -> [Delivery] {
        var filter = DeliveryFilter(limit: 1000)
        filter.subscription = subscription.id
        return try await store.deliveries(filter)
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

/// Does as a caller does who got no answer: comes again.
func again<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch is StoreError { return try await call() }
}
