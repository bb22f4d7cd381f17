/// An urgent event that a subscription asked for and cannot get, since its contract requires what the event lacks.
public struct UntoldAlarm: Hashable, Sendable {
    /// The subscription that cannot get it.
    public let subscription: SubscriptionID
    /// The event's kind.
    public let kind: Kind
    /// The contract's keys that the event has no value for.
    public let lacking: [String]
    /// When this was found.
    public let at: Instant

    /// Joins the parts.
    public init(to subscription: SubscriptionID, _ kind: Kind, lacking: [String], at instant: Instant) {
        self.subscription = subscription
        self.kind = kind
        self.lacking = lacking
        self.at = instant
    }

    /// The record to keep of an event that cannot be sent; nil for a normal one, which is only counted.
    public init?(_ missed: Unsayable, of event: Event, at instant: Instant) {
        guard event.lane == .urgent else { return nil }
        self.init(to: missed.subscription.id, event.kind, lacking: missed.keys, at: instant)
    }
}

/// The recent urgent events of one kind that a subscription could not get, taken together.
public struct UntoldAlarms: Hashable, Sendable {
    /// The kind of all of them.
    public let kind: Kind
    /// The contract's keys that the last of them had no value for.
    public let lacking: [String]
    /// When the first of them was found.
    public let first: Instant
    /// When the last of them was found.
    public let last: Instant
    /// How many there were.
    public let count: Int

    /// Joins the parts.
    public init(_ kind: Kind, lacking: [String], first: Instant, last: Instant, count: Int) {
        self.kind = kind
        self.lacking = lacking
        self.first = first
        self.last = last
        self.count = count
    }

    /// How long they count as a problem, and how far back they are counted. They are stored by the hour, so that the
    /// number of rows per subscription is limited.
    public static let memory = Duration.seconds(24 * 3600)
}
