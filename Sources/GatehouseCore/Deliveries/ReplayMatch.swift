/// Says which old events a replay owes its subscription: those that it would be owed as it stands now.
public struct ReplayMatch: Sendable {
    private let subscription: Subscription
    private let dialect: any Dialect
    private let directory: Directory
    private let order: Replay.Order
    private let kinds: KindSet

    /// Joins what the answer depends on.
    public init(_ order: Replay.Order, to subscription: Subscription, in dialect: any Dialect, _ directory: Directory) {
        self.subscription = subscription
        self.dialect = dialect
        self.directory = directory
        self.order = order
        self.kinds = KindGlob.expand(order.kinds).intersection(subscription.kinds)
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

    /// Whether an event that the feed told is owed.
    public func owes(_ event: Event) -> Bool {
        subscription.wants(event) && !dialect.names(of: event, for: subscription).isEmpty
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
