/// A subscription, and where it is in the order of the index.
struct IndexedSubscription: Sendable {
    let subscription: Subscription
    /// Greater than that of all subscriptions that were put before it.
    let order: Int
}

/// What an index looks for: the facts of an event by which subscriptions choose, read once for all of them.
struct CandidateSearch {
    let event: Event
    /// The door that subscriptions choose by; nil if every choice of doors includes the event: see
    /// ``Event/isAt(oneOf:)``.
    let doors: Choice<DoorID>
    /// The same of panels: see ``Event/isOf(oneOf:)``.
    let panels: Choice<PanelID>

    /// Which choices of places include the event.
    enum Choice<ID> {
        /// Those that contain one place.
        case containing(ID)
        /// All of them: an alarm that may have happened anywhere.
        case every
        /// None of them.
        case none
    }

    init(for event: Event) {
        self.event = event
        let isAlarm = event.lane == .urgent
        if isAlarm, event.toldDoorNumber == nil {
            doors = .every
        } else {
            doors = event.toldDoor.map { .containing($0) } ?? .none
        }
        panels = event.scopePanel.map { .containing($0) } ?? (isAlarm ? .every : .none)
    }
}

/// The active subscriptions of one organization, by scope, place and kind.
///
/// It finds all that get an event, and few others: `Subscription.wants` decides about each one found.
struct OrganizationSubscriptions: Sendable {
    /// Those of scope `this`, and those of panels that also choose doors: a door is the narrower choice.
    private var own = SubscriptionsByPlace<DoorID>()
    private var recursive = SubscriptionsByPlace<DoorID>()
    private var ofPanels = SubscriptionsByPlace<PanelID>()

    var isEmpty: Bool { own.isEmpty && recursive.isEmpty && ofPanels.isEmpty }

    mutating func insert(_ indexed: IndexedSubscription) {
        let doors = indexed.subscription.doors
        switch indexed.subscription.terms.scope {
        case .recursive: recursive.insert(indexed, at: doors)
        case .panels(let panels) where doors == nil: ofPanels.insert(indexed, at: Set(panels))
        case .this, .panels: own.insert(indexed, at: doors)
        }
    }

    mutating func remove(_ indexed: IndexedSubscription) {
        let doors = indexed.subscription.doors
        switch indexed.subscription.terms.scope {
        case .recursive: recursive.remove(indexed, at: doors)
        case .panels(let panels) where doors == nil: ofPanels.remove(indexed, at: Set(panels))
        case .this, .panels: own.remove(indexed, at: doors)
        }
    }

    /// Those that may want an event, in their order. `organization` is the one that they belong to.
    func candidates(_ search: CandidateSearch, of organization: OrganizationID) -> [IndexedSubscription] {
        var found: [IndexedSubscription] = []
        recursive.gather(search.event, search.doors, into: &found)
        if search.event.isNews(of: organization) { own.gather(search.event, search.doors, into: &found) }
        if search.event.organization == organization {
            ofPanels.gather(search.event, search.panels, into: &found)
        }
        if found.count > 1 { found.sort { $0.order < $1.order } }
        return found
    }
}

/// Subscriptions by the places that they choose: doors or panels.
struct SubscriptionsByPlace<ID: Hashable & Sendable>: Sendable {
    /// Those that choose no places, and get the events of all.
    private var everywhere = SubscriptionsByKind()
    private var at: [ID: SubscriptionsByKind] = [:]
    /// All that choose places: they are found by events that may have happened at any place.
    private var choosing = SubscriptionsByKind()

    var isEmpty: Bool { everywhere.isEmpty && choosing.isEmpty }

    /// - Parameter places: what it chooses; nil for nothing.
    mutating func insert(_ indexed: IndexedSubscription, at places: Set<ID>?) {
        guard let places else { return everywhere.insert(indexed) }
        choosing.insert(indexed)
        for place in places { at[place, default: SubscriptionsByKind()].insert(indexed) }
    }

    mutating func remove(_ indexed: IndexedSubscription, at places: Set<ID>?) {
        guard let places else { return everywhere.remove(indexed) }
        choosing.remove(indexed)
        for place in places {
            at[place]?.remove(indexed)
            if at[place]?.isEmpty ?? false { at[place] = nil }
        }
    }

    func gather(_ event: Event, _ choice: CandidateSearch.Choice<ID>, into found: inout [IndexedSubscription]) {
        everywhere.gather(event, into: &found)
        switch choice {
        case .containing(let place): at[place]?.gather(event, into: &found)
        case .every: choosing.gather(event, into: &found)
        case .none: break
        }
    }
}
