/// Decides which old events a replay owes its subscription: those that it would be owed under its present terms.
public struct ReplayMatch: Sendable {
    private let subscription: Subscription
    private let dialect: any Dialect
    private let directory: Directory
    private let order: Replay.Order
    /// The kinds that the order names, and the kinds to search for what both it and the subscription want.
    private let ordered: KindSet
    private let kinds: KindSet

    /// Joins the inputs of the decision.
    public init(_ order: Replay.Order, to subscription: Subscription, in dialect: any Dialect, _ directory: Directory) {
        self.subscription = subscription
        self.dialect = dialect
        self.directory = directory
        self.order = order
        self.ordered = KindGlob.expand(order.kinds)
        self.kinds = Self.candidates(ordered, subscription.kinds)
    }

    /// The kinds that both want. If one of them names the duress alarm and the other a kind of passage, also the
    /// passages under duress: each wants such an event, by another of its ``Event/kinds``.
    private static func candidates(_ left: KindSet, _ right: KindSet) -> KindSet {
        var both = left.intersection(right)
        let passages = KindSet(Catalogue.rows.lazy.filter { $0.blocks.contains(.access) }.map(\.kind))
        for (one, other) in [(left, right), (right, left)] where one.contains(.accessDuress) {
            if !other.intersection(passages).isEmpty { both.insert(.accessDuress) }
        }
        return both
    }

    /// Whether any kind of event is both ordered and wanted by the subscription.
    public var isPossible: Bool { !kinds.isEmpty }

    /// The feed's filter behind a position.
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

    /// Whether an event of the feed is owed, by the same rule as if it happened now.
    public func owes(_ event: Event) -> Bool {
        // An event stored before panels were filled in would count as an alarm without a panel.
        let event = event.withPanel(of: directory)
        return ordered.wants(event) && subscription.wants(event)
            && !dialect.names(of: event, for: subscription).isEmpty
    }

    /// The operator's own subscription is above all trees.
    private var organizations: Set<OrganizationID>? {
        guard subscription.organization != .operators else { return nil }
        let own = subscription.organization
        if subscription.terms.scope == .recursive {
            return Set(directory.organizations.keys.filter { directory.isWithin($0, own) })
        }
        // The creation of an organization right below has the id of the new one, and is news of this one.
        guard kinds.contains(.organizationCreated) else { return [own] }
        return Set(directory.organizations.values.filter { $0.parent == own }.map(\.id)).union([own])
    }
}
