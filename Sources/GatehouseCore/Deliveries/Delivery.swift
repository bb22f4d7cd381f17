/// Names a delivery, unique in the store and growing.
public struct DeliveryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The store's number.
    public let number: Int64

    /// Takes the number that the store gave.
    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: DeliveryID, right: DeliveryID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}

/// One run of one gateway process. Leases belong to it, and its death sets them free.
public struct Incarnation: Hashable, Sendable {
    /// The number that the store gave; a later start gets a higher one.
    public let number: Int64

    /// Takes the number that the store gave.
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
    /// To whom.
    public let subscription: SubscriptionID
    /// How soon it wants to leave.
    public let lane: Lane
    /// Where it stands in its life.
    public let state: DeliveryState
    /// How many attempts were made.
    public let attempts: Int
    /// When it came to be owed.
    public let created: Instant
    /// Whether somebody asked for it again after its first life.
    public let isReplay: Bool

    /// Describes a delivery.
    public init(
        id: DeliveryID, owing: (event: EventID, subscription: SubscriptionID), lane: Lane, state: DeliveryState,
        attempts: Int, created: Instant, isReplay: Bool
    ) {
        self.id = id
        self.event = owing.event
        self.subscription = owing.subscription
        self.lane = lane
        self.state = state
        self.attempts = attempts
        self.created = created
        self.isReplay = isReplay
    }
}

/// The life of a delivery, drawn in docs/state-machine.md.
public enum DeliveryState: Hashable, Sendable {
    /// A gateway has it in hand.
    case leased(by: Incarnation)
    /// The receiver said 2xx.
    case delivered
    /// Due at that instant, or later where its subscription is held.
    case waiting(until: Instant)
    /// Given up; a retry revives it.
    case dead(DeathReason)
    /// No longer owed.
    case cancelled(CancelReason)

    /// Why a delivery was given up.
    public enum DeathReason: String, Hashable, Sendable, CaseIterable {
        /// The last try of the schedule failed.
        case exhausted
        /// The event in the store is damaged and can not be read.
        case corrupt
    }

    /// Why a delivery is no longer owed.
    public enum CancelReason: String, Hashable, Sendable, CaseIterable {
        /// Its subscription was deleted.
        case subscriptionDeleted = "subscription-deleted"
        /// Its subscription was made inactive.
        case subscriptionInactive = "subscription-inactive"
        /// Its subscription's time was over.
        case subscriptionExpired = "subscription-expired"
        /// Its subscription changed so that its dialect owes it this event no more.
        case noLongerOwed = "no-longer-owed"
        /// Somebody cancelled it.
        case requested
        /// More waited for its subscription than the vendor's promise keeps.
        case bufferFull = "buffer-full"
    }

    /// The word for the state in the API.
    public var name: Name {
        switch self {
        case .leased: .leased
        case .delivered: .delivered
        case .waiting: .waiting
        case .dead: .dead
        case .cancelled: .cancelled
        }
    }

    /// The states without what they carry, for filters and counts.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case leased, delivered, waiting, dead, cancelled
    }
}
