/// All subscriptions at one moment, indexed so that matching an event examines only those that may get it.
public struct SubscriptionIndex: Sendable {
    private var byID: [SubscriptionID: Subscription] = [:]
    private var byOrganization: [OrganizationID: [Subscription]] = [:]

    /// An empty index.
    public init() {}

    /// The subscription with that identifier.
    public subscript(id: SubscriptionID) -> Subscription? { byID[id] }

    /// Every subscription, in no order.
    public var all: some Collection<Subscription> { byID.values }

    /// Adds a subscription or replaces an older revision; an older revision than the present one changes nothing, so
    /// that two changes may arrive in either order.
    public mutating func put(_ subscription: Subscription) {
        if let present = byID[subscription.id], present.revision >= subscription.revision { return }
        remove(subscription.id)
        byID[subscription.id] = subscription
        byOrganization[subscription.organization, default: []].append(subscription)
    }

    /// Removes a subscription.
    public mutating func remove(_ id: SubscriptionID) {
        guard let present = byID.removeValue(forKey: id) else { return }
        byOrganization[present.organization]?.removeAll { $0.id == id }
    }

    /// The subscriptions that an event is owed to, in no order.
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
        for organization in lineage {
            for subscription in byOrganization[organization] ?? [] where Self.reaches(subscription, event) {
                guard let dialect = dialects[subscription.terms.dialect] else { continue }
                switch dialect.owing(of: event, for: subscription) {
                case .names: owed.append(subscription)
                case .unsayable(let keys): unsayable.append(Unsayable(subscription, lacking: keys))
                case .nothing: break
                }
            }
        }
        return (owed, unsayable)
    }

    private static func reaches(_ subscription: Subscription, _ event: Event) -> Bool {
        subscription.isActive && !subscription.hasExpired(at: event.received) && subscription.wants(event)
    }
}

extension Subscription {
    /// Whether an event is about its own deliveries: its receiver could not get it, or would get it too late.
    private func isSubject(of event: Event) -> Bool {
        Catalogue.raised.contains(event.kind) && event.data["subscription"]?["id"] == .string(id.text)
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
