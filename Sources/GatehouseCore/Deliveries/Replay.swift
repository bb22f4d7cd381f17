/// Names a replay, unique in the store and growing.
public struct ReplayID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The store's number.
    public let number: Int64

    /// Takes the number that the store gave.
    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: ReplayID, right: ReplayID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}

/// Old events that are to be owed to a subscription once more: which, and how far that has come.
public struct Replay: Hashable, Sendable {
    /// What somebody asks for.
    public struct Order: Hashable, Sendable {
        /// To whom.
        public let subscription: SubscriptionID
        /// Only events that the gateway took at this instant or later.
        public let since: Instant
        /// Only events that the gateway took before this instant; nil for all there were when it was asked for.
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

    /// Where a replay stands.
    public enum State: Hashable, Sendable {
        /// There are events yet to be looked at.
        case running
        /// Every event was looked at; what came to be owed goes its own way.
        case finished
        /// Broken off; what had come to be owed by then stays so.
        case cancelled(DeliveryState.CancelReason)

        /// The word for the state in the API.
        public var name: String {
            switch self {
            case .running: "running"
            case .finished: "finished"
            case .cancelled: "cancelled"
            }
        }
    }

    /// The events among which those lie that are asked for, fixed when it was: later ones are owed by themselves.
    public struct Course: Hashable, Sendable {
        /// The place before the first of them.
        public let start: EventPosition
        /// The place of the last of them.
        public let end: EventPosition
        /// Up to here all were looked at.
        public var reached: EventPosition

        /// Joins the three.
        public init(start: EventPosition, end: EventPosition, reached: EventPosition) {
            self.start = start
            self.end = end
            self.reached = reached
        }

        /// How much of it is done, 0 to 1.
        public var progress: Double {
            guard end > start else { return 1 }
            return Double(min(reached.number, end.number) - start.number) / Double(end.number - start.number)
        }
    }

    /// Its number.
    public let id: ReplayID
    /// What was asked for.
    public let order: Order
    /// When it was asked for.
    public let created: Instant
    /// How far it has come.
    public var course: Course
    /// How many deliveries it has brought to life.
    public var owed: Int64
    /// Where it stands.
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

/// One step of a replay: events that were looked at, and which of them are owed.
public struct ReplayStep: Hashable, Sendable {
    /// The replay as it was known when they were looked at.
    public let replay: Replay
    /// Up to here they were.
    public let reached: EventPosition
    /// The places of those that are owed, ascending.
    public let owed: [EventPosition]
    /// How many deliveries may wait for the subscription, whatever brought them to life.
    public let most: Int

    /// Joins the four.
    public init(_ replay: Replay, reached: EventPosition, owed: [EventPosition], most: Int) {
        self.replay = replay
        self.reached = reached
        self.owed = owed
        self.most = most
    }
}
