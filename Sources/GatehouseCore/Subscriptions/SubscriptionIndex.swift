/// All subscriptions at one moment, indexed so that matching an event examines only those that may get it: the cost of
/// an event does not depend on how many subscriptions want other kinds, or events of other doors and panels.
public struct SubscriptionIndex: Sendable {
    private var byID: [SubscriptionID: IndexedSubscription] = [:]
    private var byOrganization: [OrganizationID: OrganizationSubscriptions] = [:]
    private var lastOrder = 0

    /// An empty index.
    public init() {}

    /// The subscription with that identifier.
    public subscript(id: SubscriptionID) -> Subscription? { byID[id]?.subscription }

    /// Every subscription, in no order.
    public var all: some Collection<Subscription> { byID.values.lazy.map(\.subscription) }

    /// Adds a subscription or replaces an older revision; an older revision than the present one changes nothing, so
    /// that two changes may arrive in either order.
    public mutating func put(_ subscription: Subscription) {
        if let present = byID[subscription.id]?.subscription, present.revision >= subscription.revision { return }
        remove(subscription.id)
        lastOrder += 1
        let indexed = IndexedSubscription(subscription: subscription, order: lastOrder)
        byID[subscription.id] = indexed
        // An inactive one is owed nothing, and a change of it is another revision.
        guard subscription.isActive, !subscription.kinds.isEmpty else { return }
        byOrganization[subscription.organization, default: OrganizationSubscriptions()].insert(indexed)
    }

    /// Removes a subscription.
    public mutating func remove(_ id: SubscriptionID) {
        guard let indexed = byID.removeValue(forKey: id) else { return }
        let organization = indexed.subscription.organization
        byOrganization[organization]?.remove(indexed)
        if byOrganization[organization]?.isEmpty ?? false { byOrganization[organization] = nil }
    }

    /// The subscriptions that an event is owed to: those of its organization first, then those above, each in the order
    /// in which they were put.
    ///
    /// `lineage` is the event's organization and all above it. It examines an organization's own subscriptions of every
    /// scope; of the organizations above the recursive ones, and the others if the event is news of their organization.
    /// Then kind, doors and the dialect's selector decide.
    public func owed(_ event: Event, lineage: [OrganizationID], dialects: DialectTable) -> [Subscription] {
        match(event, lineage: lineage, dialects: dialects).owed
    }

    /// The same, with those that asked for the event and cannot get it because their contract requires what the event
    /// lacks.
    public func match(
        _ event: Event, lineage: [OrganizationID], dialects: DialectTable
    ) -> (owed: [Subscription], unsayable: [Unsayable]) {
        var owed: [Subscription] = []
        var unsayable: [Unsayable] = []
        for candidate in candidates(for: event, lineage: lineage) where candidate.isReached(by: event) {
            guard let dialect = dialects[candidate.terms.dialect] else { continue }
            switch dialect.owing(of: event, for: candidate) {
            case .names: owed.append(candidate)
            case .unsayable(let keys): unsayable.append(Unsayable(candidate, lacking: keys))
            case .nothing: break
            }
        }
        return (owed, unsayable)
    }

    /// The subscriptions that matching an event examines: nearly always those that get it. The exceptions want its
    /// kind and have expired, or differ in a detail that the index does not hold, such as the dialect's selector.
    package func candidates(for event: Event, lineage: [OrganizationID]) -> [Subscription] {
        let search = CandidateSearch(for: event)
        return lineage.flatMap { organization in
            byOrganization[organization]?.candidates(search, of: organization).map(\.subscription) ?? []
        }
    }
}

extension Subscription {
    /// Whether an event is about its own deliveries: its receiver could not get it, or would get it too late.
    private func isSubject(of event: Event) -> Bool {
        Catalogue.raised.contains(event.kind) && event.data["subscription"]?["id"] == .string(id.text)
    }

    /// Whether a candidate of the index is to get an event, as far as its contract can say it.
    fileprivate func isReached(by event: Event) -> Bool {
        isActive && !hasExpired(at: event.received) && wants(event)
    }

    /// Whether its owner wants an event of its organization or one below: kind, doors and scope decide.
    func wants(_ event: Event) -> Bool {
        guard kinds.wants(event), !isSubject(of: event) else { return false }
        if let doors, !event.isAt(oneOf: doors) { return false }
        switch terms.scope {
        case .recursive: return true
        case .this: return event.isNews(of: organization)
        case .panels(let panels):
            return event.organization == organization && event.isOf(oneOf: panels)
        }
    }

    /// The kinds that the event may have for it, in the order in which its contract looks for a name. Under duress
    /// there are two: the alarm and the reported kind.
    ///
    /// The kinds that it asks for come first. Among these the alarm comes first if the contract has its own name for
    /// it. Otherwise the reported kind is more precise, unless it says refused and the event says let in.
    public func kindsToTell(of event: Event, whereDuressHasAName isNamed: Bool) -> [Kind] {
        let kinds = event.kinds
        guard kinds.count > 1 else { return kinds }
        let ordered = isNamed || event.isRefusalButLetIn ? kinds : kinds.reversed()
        return ordered.filter(self.kinds.contains) + ordered.filter { !self.kinds.contains($0) }
    }
}
