/// What an event owes a subscription by its contract.
public enum Owing: Hashable, Sendable {
    /// It was not asked for, or the contract has no word for it.
    case nothing
    /// These names.
    case names([VendorName])
    /// It was asked for, and cannot be told: the contract requires these keys, and nothing in the event can stand
    /// there.
    case unsayable(lacking: [String])

    /// The names that are owed; none where nothing is.
    public var names: [VendorName] {
        switch self {
        case .names(let names): names
        case .nothing, .unsayable: []
        }
    }
}

/// A subscription that asked for an event which its contract cannot tell.
public struct Unsayable: Sendable {
    /// The subscription.
    public let subscription: Subscription
    /// The contract's keys for which the event has nothing.
    public let keys: [String]

    /// Joins the two.
    public init(_ subscription: Subscription, lacking keys: [String]) {
        self.subscription = subscription
        self.keys = keys
    }
}
