import GatehouseCore

/// Reads all deliveries of a store, slice by slice.
enum DeliveryWalk {
    static func all(
        of store: any Store, _ filter: DeliveryFilter = DeliveryFilter(limit: 100)
    ) async throws -> [Delivery] {
        var (filter, found): (DeliveryFilter, [Delivery]) = (filter, [])
        while true {
            let slice = try await store.deliveries(filter)
            found += slice.deliveries
            let isFull = slice.deliveries.count >= filter.limit
            guard let next = isFull ? slice.deliveries.last?.id : slice.reached else { return found }
            filter.before = next
        }
    }
}
