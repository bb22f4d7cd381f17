/// Which events of the feed somebody wants, and from where on.
public struct FeedFilter: Hashable, Sendable {
    /// Only those behind this one; nil for the first and all that follow.
    public var after: EventPosition?
    /// Only those that are told as one of these kinds, as ``KindSet/wants(_:)`` has it.
    public var kinds = KindSet.all
    /// Only those that are ``Event/isAt(oneOf:)`` these doors; nil for all, those without a door included.
    public var doors: Set<DoorID>?
    /// Only of these organizations; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only those that the gateway took at this instant or later.
    public var since: Instant?
    /// Only those that the gateway took before this instant.
    public var until: Instant?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Says whether an instant lies in the hours that are asked for.
    public func includes(_ received: Instant) -> Bool {
        (since.map { received >= $0 } ?? true) && (until.map { received < $0 } ?? true)
    }

    /// How many positions one slice looks through where nothing helps it to skip: a few milliseconds' work.
    public static let span: Int64 = 2000
    /// After how many bytes of events a slice ends: a reader of large events gets few at once.
    public static let bytes = 512 * 1024
}

/// One slice of the feed: what fits the filter among the events up to ``reached``.
public struct FeedSlice: Sendable {
    /// The events with their places, oldest first.
    public let events: [(position: EventPosition, event: Event)]
    /// Up to here everything that fits is in ``events`` or was before; go on behind it.
    public let reached: EventPosition
    /// Whether nothing that fits is behind ``reached`` at present.
    public let isAtEnd: Bool
    /// The place of the newest event that there ever was, whether it fits or not; 0 where there was none.
    public let newest: EventPosition
    /// Up to here events may have been pruned, though older ones that are still owed may be there; 0 where none was.
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
