internal import GatehouseControl
internal import GatehouseCore

/// Which deliveries a caller asks for, read from the query.
struct DeliveryQuestion: Sendable {
    /// What the route knows beside the bounds of a page.
    static let parameters: Set<String> = [
        "subscription", "state", "event", "organization", "kind", "door", "outcome", "since", "until",
    ]

    /// What is asked of the store: one more than is shown, to learn whether more follow.
    let filter: DeliveryFilter

    /// Reads the query. - Throws: what is wrong with it, 404 for an organization that the key does not reach.
    init(_ call: Call) throws(ValidationError) {
        let query = call.query
        var filter = DeliveryFilter(limit: try query.limit() + 1)
        filter.subscription = query["subscription"].map { SubscriptionID($0) }
        filter.event = try Self.event(query)
        filter.state = try query.word("state", of: DeliveryState.Name.allCases.map(\.rawValue))
            .flatMap { DeliveryState.Name(rawValue: $0) }
        filter.outcome = try query.word("outcome", of: Outcome.words)
        filter.organizations = try call.chosenReach()
        filter.kinds = try FeedQuestion.kinds(query)
        filter.doors = try FeedQuestion.doors(query)
        (filter.since, filter.until) = try query.period()
        filter.before = try query.cursor().map { DeliveryID($0) }
        self.filter = filter
    }

    /// Whether a page shows by itself that what the query names exists: it has a delivery, and where doors are asked
    /// for one of an event at such a door. Alarms that name no door are found at every door.
    func isAnswered(by items: [JSON]) -> Bool {
        guard let doors = filter.doors else { return !items.isEmpty }
        return items.contains { item in item["door"]?.text.map { doors.contains(DoorID($0)) } ?? false }
    }

    /// An empty page must not stand for a mistyped id. What was deleted is known by the deliveries that it has left.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where the key reaches no such subscription, event or door.
    func seeWhatIsNamed(_ call: Call) async throws {
        if let id = filter.subscription, !(try await knows(id, call)) {
            throw ValidationError(.notFound, field: "subscription", "there is no subscription \(id)")
        }
        if let id = filter.event {
            guard let event = try await call.parts.store.event(id),
                call.key.reaches(event.organization, in: call.directory)
            else { throw ValidationError(.notFound, field: "event", "there is no event \(id)") }
        }
        try call.seeDoors(filter.doors)
    }

    private func knows(_ id: SubscriptionID, _ call: Call) async throws(StoreError) -> Bool {
        if let subscription = call.parts.subscriptions.index[id] {
            return call.key.reaches(subscription.organization, in: call.directory)
        }
        var left = DeliveryFilter(limit: 1)
        left.subscription = id
        left.organizations = call.key.reach(in: call.directory)
        return try await !call.parts.store.deliveries(left).isEmpty
    }

    private static func event(_ query: Query) throws(ValidationError) -> EventID? {
        guard let text = query["event"] else { return nil }
        guard let event = EventID(text) else {
            throw Query.refusal(of: "event", text, takes: "an id as POST /v1/events answers it in `event`, a UUID")
        }
        return event
    }
}
