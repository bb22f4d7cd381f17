/// How long what is done with is kept; every time has a default.
public struct Retention: Hashable, Sendable {
    /// Events with their deliveries, since the gateway took them. One outlives its time while a delivery of it waits or
    /// is in hand, and while a dead one is younger than ``deadDeliveries``.
    public var events = Self.days(30)
    /// Records of attempts, since they were made.
    public var attempts = Self.days(14)
    /// Dead deliveries, and with them their events, since they died.
    public var deadDeliveries = Self.days(90)
    /// Entries of the audit.
    public var audit = Self.days(365)
    /// Commands to doors that have ended, with their repetition keys, since they were given.
    public var commands = Self.days(14)
    /// How full the store's disk may be before somebody is warned, in percent.
    public var diskWarning = 80

    /// The defaults.
    public init() {}

    private static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }

    /// The first slice of a turn at one sort of thing, as things stand at an instant.
    public func order(for what: Prunable, at now: Instant, limit: Int) -> PruneOrder {
        let age: Duration =
            switch what {
            case .events, .deliveries, .subscriptions, .incarnations: events
            case .attempts: attempts
            case .commands: commands
            case .audit, .erasures: audit
            case .sessions: .zero
            }
        var order = PruneOrder(what, before: now - age, deadBefore: now - max(deadDeliveries, age), limit: limit)
        order.time = now
        if what == .audit { order.slack = min(Self.days(1), .microseconds(age.microseconds / 30)) }
        return order
    }
}

/// The sorts of things that are taken out when their time is over.
public enum Prunable: String, CaseIterable, Hashable, Sendable {
    /// Records of attempts; how many there were stays with the delivery.
    case attempts
    /// Events, and their deliveries with them.
    case events
    /// Deliveries: they go with their event and have no turn of their own.
    case deliveries
    /// Commands to doors that have ended.
    case commands
    /// Entries of the audit, up to the end of a link.
    case audit
    /// Logins that have ended.
    case sessions
    /// Subscriptions that were deleted and of which no delivery is left.
    case subscriptions
    /// Starts of gateways that have ended.
    case incarnations
    /// Wishes to blank a person that have been fulfilled.
    case erasures
}

/// What one slice of pruning may take out.
public struct PruneOrder: Hashable, Sendable {
    /// Which sort of thing.
    public let what: Prunable
    /// Only what is older than this.
    public let before: Instant
    /// Events of which a delivery has died since then are left alone.
    public let deadBefore: Instant
    /// Where the turn's slice before ended; nil for the first.
    public var after: PrunePlace?
    /// When it was asked for.
    public var time: Instant
    /// By how much longer something must be overdue before a turn begins. The audit's turns are entries themselves:
    /// without this, each would be the reason for one more, for ever.
    public var slack = Duration.zero
    /// How many things may be taken out, at least 1; what hangs on them is bounded with them.
    public let limit: Int

    /// Joins the parts.
    public init(_ what: Prunable, before: Instant, deadBefore: Instant, limit: Int) {
        self.what = what
        self.before = before
        self.time = before
        self.deadBefore = deadBefore
        self.limit = max(limit, 1)
    }
}

/// How far a turn has come: meant for the store that gave it, and no longer than that turn.
public struct PrunePlace: Hashable, Sendable {
    /// The coarse part of the place.
    public let first: Int64
    /// The fine part of the place.
    public let second: Int64

    /// Joins the two.
    public init(_ first: Int64, _ second: Int64) {
        self.first = first
        self.second = second
    }
}

/// What one slice of pruning took out.
public struct PruneSlice: Hashable, Sendable {
    /// How many of each sort; none is left out rather than 0.
    public var taken: [Prunable: Int]
    /// Where the next slice of the turn begins; nil where the turn is over.
    public var next: PrunePlace?

    /// Describes a slice.
    public init(_ taken: [Prunable: Int] = [:], next: PrunePlace? = nil) {
        self.taken = taken.filter { $0.value > 0 }
        self.next = next
    }
}
