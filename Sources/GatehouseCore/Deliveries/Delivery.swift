/// Names a delivery: the event that is owed, the subscription that it is owed to, and the round.
///
/// Round 0 is what the event owed when it was accepted; each replay of the event to the subscription is one round more.
/// Ids are in the order of their events.
public struct DeliveryID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The position of the event.
    public let event: EventPosition
    /// The store's number of the subscription.
    public let subscription: Int64
    /// 0 for what the event owed, from 1 on for replays.
    public let round: Int

    /// Joins the three.
    public init(_ event: EventPosition, _ subscription: Int64, round: Int = 0) {
        self.event = event
        self.subscription = subscription
        self.round = round
    }

    /// Reads the form that ``description`` writes; nil for any other text.
    public init?(_ text: String) {
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.count($0) }
        guard (2...3).contains(numbers.count), let event = numbers[0], let subscription = numbers[1],
            let round = numbers.count == 2 ? 0 : numbers[2]
        else { return nil }
        self.init(EventPosition(event), subscription, round: Int(round))
        guard description == text else { return nil }
    }

    private static func count(_ text: Substring) -> Int64? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(text)
    }

    public static func < (left: DeliveryID, right: DeliveryID) -> Bool {
        (left.event, left.subscription, left.round) < (right.event, right.subscription, right.round)
    }

    /// Position and subscription, joined by a hyphen, and the round where it is not 0: `1207-3`, `1207-3-1`. Callers
    /// take it for one opaque text.
    public var description: String {
        "\(event.number)-\(subscription)" + (round == 0 ? "" : "-\(round)")
    }
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
    /// Its id.
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
    public var isReplay: Bool { id.round > 0 }

    /// Describes a delivery.
    public init(
        id: DeliveryID, event: EventID, subscription: SubscriptionID, lane: Lane, state: DeliveryState,
        attempts: Int, created: Instant
    ) {
        self.id = id
        self.event = event
        self.subscription = subscription
        self.lane = lane
        self.state = state
        self.attempts = attempts
        self.created = created
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
