internal import GatehouseControl
internal import GatehouseCore

/// The deliveries that a caller asks for, read from the query.
struct DeliveryQuestion: Sendable {
    /// The parameters of the route, apart from those of the page.
    static let parameters: Set<String> = [
        "subscription", "state", "event", "organization", "kind", "door", "outcome", "since", "until",
    ]

    /// The question to the store: one delivery more than is shown, to learn whether more follow.
    let filter: DeliveryFilter

    /// Reads the query. - Throws: the fault in it, or 404 for an organization that the key does not reach.
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
        filter.before = try Self.cursor(query)
        self.filter = filter
    }

    /// Whether a page shows that the things in the query exist: it has a delivery, and if the query names doors, one of
    /// an event at such a door. Alarms without a door are found at every door, so they show nothing.
    func isAnswered(by lines: [DeliveryQueries.Line]) -> Bool {
        guard let doors = filter.doors else { return !lines.isEmpty }
        return lines.contains { line in line.outline?.door.map { doors.contains($0) } ?? false }
    }

    /// The last delivery of the page before. A number alone is the position of an event: the list continues before it.
    private static func cursor(_ query: Query) throws(ValidationError) -> DeliveryID? {
        guard let text = query["cursor"] else { return nil }
        guard let id = DeliveryID(text) ?? Int64(text).map({ DeliveryID(EventPosition($0), 0) }) else {
            throw Query.refusal(of: "cursor", text, takes: "the `next` of an earlier page of this list")
        }
        return id
    }

    private static func event(_ query: Query) throws(ValidationError) -> EventID? {
        guard let text = query["event"] else { return nil }
        guard let event = EventID(text) else {
            throw Query.refusal(of: "event", text, takes: "an id as POST /v1/events answers it in `event`, a UUID")
        }
        return event
    }
}
