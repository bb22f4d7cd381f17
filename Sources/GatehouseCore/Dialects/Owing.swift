/// What an event owes a subscription by its contract.
public enum Owing: Hashable, Sendable {
    /// The subscription did not ask for it, or the contract has no name for it.
    case nothing
    /// These names.
    case names([VendorName])
    /// The subscription asked for it, but the contract requires these keys, and the event has no value for them.
    case unsayable(lacking: [String])

    /// The owed names; empty if nothing is owed.
    public var names: [VendorName] {
        switch self {
        case .names(let names): names
        case .nothing, .unsayable: []
        }
    }
}

/// A subscription that asked for an event which its contract cannot express.
public struct Unsayable: Sendable {
    /// The subscription.
    public let subscription: Subscription
    /// The contract's keys that the event has no value for.
    public let keys: [String]

    /// Joins the two.
    public init(_ subscription: Subscription, lacking keys: [String]) {
        self.subscription = subscription
        self.keys = keys
    }
}
