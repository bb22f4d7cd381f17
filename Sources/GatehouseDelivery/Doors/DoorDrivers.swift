public import GatehouseCore

/// The registry of door drivers: one line each.
public enum DoorDrivers {
    /// Every driver of the product.
    public static let all: [any DoorDriver] = [
        SimulatedDriver()
    ]
}
