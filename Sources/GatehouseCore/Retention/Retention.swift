/// How long completed data is kept; every time has a default.
public struct Retention: Hashable, Sendable {
    /// Events with their deliveries, counted from acceptance. An event stays longer while a delivery of it waits or is
    /// leased, and while a dead one is younger than ``deadDeliveries``.
    public var events = Self.days(30)
    /// Records of attempts, counted from the attempt.
    public var attempts = Self.days(14)
    /// Dead deliveries, and with them their events, counted from their death.
    public var deadDeliveries = Self.days(90)
    /// Entries of the audit.
    public var audit = Self.days(365)
    /// Ended commands to doors with their repetition keys, counted from the request.
    public var commands = Self.days(14)
    /// How full the store's disk may be before there is a warning, in percent.
    public var diskWarning = 80

    /// The defaults.
    public init() {}

    private static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }

    /// The first slice of a turn for one sort of data, at an instant.
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

/// The sorts of data that are pruned.
public enum Prunable: String, CaseIterable, Hashable, Sendable {
    /// Records of attempts; the delivery keeps their number.
    case attempts
    /// Events, and their deliveries with them.
    case events
    /// Deliveries: they are removed with their event and have no turn of their own.
    case deliveries
    /// Ended commands to doors.
    case commands
    /// Entries of the audit, up to the end of a link.
    case audit
    /// Ended logins.
    case sessions
    /// Deleted subscriptions without deliveries.
    case subscriptions
    /// Ended starts of gateways.
    case incarnations
    /// Completed erasures.
    case erasures
}

/// The order for one slice of pruning.
public struct PruneOrder: Hashable, Sendable {
    /// The sort of data.
    public let what: Prunable
    /// Only data older than this.
    public let before: Instant
    /// Events with a delivery that died since then stay.
    public let deadBefore: Instant
    /// Where the previous slice of the turn ended; nil for the first.
    public var after: PrunePlace?
    /// When the turn was ordered.
    public var time: Instant
    /// How much longer something must be overdue before a turn begins. The audit's turns are entries themselves:
    /// without this, each turn would cause the next one, forever.
    public var slack = Duration.zero
    /// How many things may be removed, at least 1; this also limits what belongs to them. It may differ from slice to
    /// slice of a turn.
    public var limit: Int {
        didSet { limit = max(limit, 1) }
    }

    /// Joins the parts.
    public init(_ what: Prunable, before: Instant, deadBefore: Instant, limit: Int) {
        self.what = what
        self.before = before
        self.time = before
        self.deadBefore = deadBefore
        self.limit = max(limit, 1)
    }
}

/// The progress of a turn: only for the store that gave it, and only during that turn.
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

/// The result of one slice of pruning.
public struct PruneSlice: Hashable, Sendable {
    /// How many of each sort; 0 for a sort is left out.
    public var taken: [Prunable: Int]
    /// Where the next slice of the turn begins; nil if the turn is over.
    public var next: PrunePlace?

    /// Describes a slice.
    public init(_ taken: [Prunable: Int] = [:], next: PrunePlace? = nil) {
        self.taken = taken.filter { $0.value > 0 }
        self.next = next
    }
}
