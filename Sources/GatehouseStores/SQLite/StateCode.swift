internal import GatehouseCore

/// The numbers of the states in the column `deliveries.state`; the SQL beside the code contains them as literals.
enum StateCode {
    static let waiting = 0
    static let leased = 1
    static let delivered = 2
    static let dead = 3
    static let cancelled = 4

    static func of(_ state: DeliveryState.Name) -> Int {
        switch state {
        case .waiting: waiting
        case .leased: leased
        case .delivered: delivered
        case .dead: dead
        case .cancelled: cancelled
        }
    }

    static func of(_ state: DeliverySelection.State) -> Int {
        switch state {
        case .waiting: waiting
        case .dead: dead
        }
    }
}
