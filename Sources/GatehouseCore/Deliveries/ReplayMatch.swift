/// Says which old events a replay owes its subscription: those that it would be owed as it stands now.
public struct ReplayMatch: Sendable {
    private let subscription: Subscription
    private let dialect: any Dialect
    private let directory: Directory
    private let order: Replay.Order
    /// The kinds that the order names, and those that are to be looked through for what both it and the subscription
    /// want.
    private let ordered: KindSet
    private let kinds: KindSet

    /// Joins what the answer depends on.
    public init(_ order: Replay.Order, to subscription: Subscription, in dialect: any Dialect, _ directory: Directory) {
        self.subscription = subscription
        self.dialect = dialect
        self.directory = directory
        self.order = order
        self.ordered = KindGlob.expand(order.kinds)
        self.kinds = Self.candidates(ordered, subscription.kinds)
    }

    /// What both want by its kind, and with it what is done under duress where one of them names that alarm and the
    /// other a kind of passage: each wants such an event, by another of its ``Event/kinds``.
    private static func candidates(_ left: KindSet, _ right: KindSet) -> KindSet {
        var both = left.intersection(right)
        let passages = KindSet(Catalogue.rows.lazy.filter { $0.blocks.contains(.access) }.map(\.kind))
        for (one, other) in [(left, right), (right, left)] where one.contains(.accessDuress) {
            if !other.intersection(passages).isEmpty { both.insert(.accessDuress) }
        }
        return both
    }

    /// Whether there is a kind of event that is asked for and that the subscription wants.
    public var isPossible: Bool { !kinds.isEmpty }

    /// What to ask the feed for, behind a place.
    public func filter(after reached: EventPosition, limit: Int) -> FeedFilter {
        var filter = FeedFilter(limit: limit)
        filter.after = reached
        filter.kinds = kinds
        filter.doors = subscription.doors
        filter.organizations = organizations
        filter.since = order.since
        filter.until = order.until
        return filter
    }

    /// Whether an event that the feed told is owed, by the rule by which it would be if it happened now.
    public func owes(_ event: Event) -> Bool {
        // What was kept before panels were filled in would pass for an alarm that names none.
        let event = event.withPanel(of: directory)
        return ordered.wants(event) && subscription.wants(event)
            && !dialect.names(of: event, for: subscription).isEmpty
    }

    /// The operator's own subscription stands above all trees.
    private var organizations: Set<OrganizationID>? {
        guard subscription.organization != .operators else { return nil }
        let own = subscription.organization
        if subscription.terms.scope == .recursive {
            return Set(directory.organizations.keys.filter { directory.isWithin($0, own) })
        }
        // What is made right below is told there, and is news of the organization above.
        guard kinds.contains(.organizationCreated) else { return [own] }
        return Set(directory.organizations.values.filter { $0.parent == own }.map(\.id)).union([own])
    }
}
