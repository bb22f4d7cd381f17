/// Selects events of the feed, from a position on.
public struct FeedFilter: Hashable, Sendable {
    /// Only events behind this position; nil to begin with the first.
    public var after: EventPosition?
    /// Only events that count as one of these kinds, see ``KindSet/wants(_:)``.
    public var kinds = KindSet.all
    /// Only those that are ``Event/isAt(oneOf:)`` these doors; nil for all, those without a door included.
    public var doors: Set<DoorID>?
    /// Only of these organizations; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only events that the gateway accepted at this instant or later.
    public var since: Instant?
    /// Only events that the gateway accepted before this instant.
    public var until: Instant?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Whether an instant is in the requested span.
    public func includes(_ received: Instant) -> Bool {
        (since.map { received >= $0 } ?? true) && (until.map { received < $0 } ?? true)
    }

    /// How many positions one slice examines if it cannot skip any: a few milliseconds of work.
    public static let span: Int64 = 2000
    /// The size in bytes at which a slice ends: a reader of large events gets few at once.
    public static let bytes = 512 * 1024
}

/// One slice of the feed: the events up to ``reached`` that match the filter.
public struct FeedSlice: Sendable {
    /// The events with their positions, oldest first.
    public let events: [(position: EventPosition, event: Event)]
    /// Every match up to here is in ``events`` or in an earlier slice; continue behind it.
    public let reached: EventPosition
    /// Whether no match is behind ``reached`` at present.
    public let isAtEnd: Bool
    /// The position of the newest event ever, matching or not; 0 if there was none.
    public let newest: EventPosition
    /// Events up to here may have been pruned, though some older ones may still be there because they are owed; 0 if
    /// none was pruned.
    public let prunedUpTo: EventPosition

    /// Describes one slice.
    public init(
        _ events: [(position: EventPosition, event: Event)], reached: EventPosition, isAtEnd: Bool,
        newest: EventPosition, prunedUpTo: EventPosition = EventPosition(0)
    ) {
        self.events = events
        self.reached = reached
        self.isAtEnd = isAtEnd
        self.newest = newest
        self.prunedUpTo = prunedUpTo
    }
}
