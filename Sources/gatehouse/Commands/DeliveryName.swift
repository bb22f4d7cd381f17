import ArgumentParser
import GatehouseCore

/// The id of a delivery as a person types it, or the number that it had in an earlier version.
struct DeliveryName: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard DeliveryID(argument) != nil || Int64(argument) != nil else { return nil }
        text = argument
    }
}
