import GatehouseCore

extension DeliveryID {
    /// The number that BAS-IP's history has for the delivery: the event's position, and 24 bits for the subscription.
    var historyNumber: Int64 { event.number << 24 | subscription }
}
