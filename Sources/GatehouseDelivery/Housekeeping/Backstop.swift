internal import GatehouseCore

/// Asks the store for due deliveries, because hints in memory may be lost: after a start, a failed claim, a rescue.
struct Backstop: Sendable {
    static let interval = Duration.seconds(5)
    /// How often the courier checks which of its known deliveries have become due.
    static let tick = Duration.milliseconds(200)

    let store: any DeliveryStore
    let courier: Courier

    func look() async throws(StoreError) {
        for due in try await store.due() { courier.look(at: due.subscription, due.times) }
    }
}
