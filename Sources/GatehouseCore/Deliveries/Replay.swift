/// The number of a replay, unique in the store and growing.
public struct ReplayID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The store's number.
    public let number: Int64

    /// Wraps the store's number.
    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: ReplayID, right: ReplayID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}

/// A repeated delivery of old events to a subscription: which events, and its progress.
public struct Replay: Hashable, Sendable {
    /// What a caller asks for.
    public struct Order: Hashable, Sendable {
        /// The subscription.
        public let subscription: SubscriptionID
        /// Only events that the gateway accepted at this instant or later.
        public let since: Instant
        /// Only events that the gateway accepted before this instant; nil for all that existed at the request.
        public let until: Instant?
        /// Globs over the names of kinds; nil for all that the subscription wants.
        public let kinds: [String]?

        /// Joins the four.
        public init(_ subscription: SubscriptionID, since: Instant, until: Instant? = nil, kinds: [String]? = nil) {
            self.subscription = subscription
            self.since = since
            self.until = until
            self.kinds = kinds
        }
    }

    /// The state of a replay.
    public enum State: Hashable, Sendable {
        /// Some events are not examined yet.
        case running
        /// Every event was examined; the new deliveries continue on their own.
        case finished
        /// Cancelled; the deliveries created so far stay owed.
        case cancelled(DeliveryState.CancelReason)

        /// The name of the state in the API.
        public var name: String {
            switch self {
            case .running: "running"
            case .finished: "finished"
            case .cancelled: "cancelled"
            }
        }
    }

    /// The range of events to examine, fixed at the request: later events are owed anyway.
    public struct Course: Hashable, Sendable {
        /// The position before the first event.
        public let start: EventPosition
        /// The position of the last event.
        public let end: EventPosition
        /// Every event up to this position was examined.
        public var reached: EventPosition

        /// Joins the three.
        public init(start: EventPosition, end: EventPosition, reached: EventPosition) {
            self.start = start
            self.end = end
            self.reached = reached
        }

        /// The examined part, 0 to 1.
        public var progress: Double {
            guard end > start else { return 1 }
            return Double(min(reached.number, end.number) - start.number) / Double(end.number - start.number)
        }
    }

    /// Its number.
    public let id: ReplayID
    /// The request.
    public let order: Order
    /// When it was requested.
    public let created: Instant
    /// Its progress.
    public var course: Course
    /// How many deliveries it has created.
    public var owed: Int64
    /// Its state.
    public var state: State

    /// Describes a replay.
    public init(
        id: ReplayID, _ order: Order, created: Instant, course: Course, owed: Int64 = 0, state: State = .running
    ) {
        self.id = id
        self.order = order
        self.created = created
        self.course = course
        self.owed = owed
        self.state = state
    }
}

/// One step of a replay: a range of examined events, and which of them are owed.
public struct ReplayStep: Hashable, Sendable {
    /// The replay as it was when they were examined.
    public let replay: Replay
    /// The position of the last examined event.
    public let reached: EventPosition
    /// The positions of the owed ones, ascending.
    public let owed: [EventPosition]
    /// How many deliveries may wait for the subscription, of any origin.
    public let most: Int

    /// Joins the four.
    public init(_ replay: Replay, reached: EventPosition, owed: [EventPosition], most: Int) {
        self.replay = replay
        self.reached = reached
        self.owed = owed
        self.most = most
    }
}
