package import GatehouseCore

/// The registry of door drivers: one line each.
package enum DoorDrivers {
    /// Every driver of the product.
    package static let all: [any DoorDriver] = [
        SimulatedDriver()
    ]
}
