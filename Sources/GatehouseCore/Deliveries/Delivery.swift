/// The number of a delivery, unique in the store and gr
public struct DeliveryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The store's number.
    public let number: Int64

    /// Wraps the store's number.
    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: DeliveryID, right: DeliveryID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}

/// One run of one gateway process. It holds leases, and its end frees them.
public struct Incarnation: Hashable, Sendable {
    /// The store's number; a later start gets a higher one.
    public let number: Int64

    /// Wraps the store's number.
    public init(_ number: Int64) {
        self.number = number
    }
}

/// One event owed to one subscription.
public struct Delivery: Hashable, Sendable {
    /// Its number.
    public let id: DeliveryID
    /// The event that is owed.
    public let event: EventID
    /// The subscription that it is owed to.
    public let subscription: SubscriptionID
    /// Its priority.
    public let lane: Lane
    /// Its current state.
    public let state: DeliveryState
    /// How many attempts were made.
    public let attempts: Int
    /// When it was created.
    public let created: Instant
    /// Whether a replay created it.
    public let isReplay: Bool

    /// Describes a delivery.
    public init(
        id: DeliveryID, event: EventID, subscription: SubscriptionID, lane: Lane, state: DeliveryState,
        attempts: Int, created: Instant, isReplay: Bool
    ) {
        self.id = id
        self.event = event
        self.subscription = subscription
        self.lane = lane
        self.state = state
        self.attempts = attempts
        self.created = created
        self.isReplay = isReplay
    }
}

/// The life of a delivery, drawn in docs/state-machine.md.
public enum DeliveryState: Hashable, Sendable {
    /// A gateway holds it.
    case leased(by: Incarnation)
    /// The receiver answered 2xx.
    case delivered
    /// Due at that instant, or later if its subscription is held.
    case waiting(until: Instant)
    /// Given up; a retry makes it due again.
    case dead(DeathReason)
    /// No longer owed.
    case cancelled(CancelReason)

    /// Why a delivery was given up.
    public enum DeathReason: String, Hashable, Sendable, CaseIterable {
        /// The last attempt of the schedule failed.
        case exhausted
        /// The stored event is damaged and cannot be read.
        case corrupt
    }

    /// Why a delivery is no longer owed.
    public enum CancelReason: String, Hashable, Sendable, CaseIterable {
        /// Its subscription was deleted.
        case subscriptionDeleted = "subscription-deleted"
        /// Its subscription was made inactive.
        case subscriptionInactive = "subscription-inactive"
        /// Its subscription expired.
        case subscriptionExpired = "subscription-expired"
        /// Its subscription changed, and its dialect no longer owes it this event.
        case noLongerOwed = "no-longer-owed"
        /// A caller cancelled it.
        case requested
        /// The subscription's buffer, whose size the vendor's contract sets, was full.
        case bufferFull = "buffer-full"
    }

    /// The name of the state in the API.
    public var name: Name {
        switch self {
        case .leased: .leased
        case .delivered: .delivered
        case .waiting: .waiting
        case .dead: .dead
        case .cancelled: .cancelled
        }
    }

    /// The states without their values, for filters and counts.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        /// The case of ``DeliveryState`` with the same name.
        case leased, delivered, waiting, dead, cancelled
    }
}
