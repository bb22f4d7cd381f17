/// An urgent event that a subscription asked for and is not told, since its contract requires what the event lacks.
public struct UntoldAlarm: Hashable, Sendable {
    /// To whom it cannot be told.
    public let subscription: SubscriptionID
    /// What sort of thing happened.
    public let kind: Kind
    /// The contract's keys for which the event has nothing.
    public let lacking: [String]
    /// When that was found out.
    public let at: Instant

    /// Joins the parts.
    public init(to subscription: SubscriptionID, _ kind: Kind, lacking: [String], at instant: Instant) {
        self.subscription = subscription
        self.kind = kind
        self.lacking = lacking
        self.at = instant
    }

    /// What is to be kept of an event that cannot be told; nil for a normal one, which is counted and no more.
    public init?(_ missed: Unsayable, of event: Event, at instant: Instant) {
        guard event.lane == .urgent else { return nil }
        self.init(to: missed.subscription.id, event.kind, lacking: missed.keys, at: instant)
    }
}

/// The urgent events of one kind that a subscription was not told of late, taken together.
public struct UntoldAlarms: Hashable, Sendable {
    /// The kind of all of them.
    public let kind: Kind
    /// The contract's keys that the last of them lacked.
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

    /// For how long they are told as something that needs attention, and how far back they are counted. They are kept
    /// by the hour, so that the rows of a subscription have a bound.
    public static let memory = Duration.seconds(24 * 3600)
}
