internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `/v1/deliveries`: what became of every event that was owed to somebody.
enum Deliveries {
    /// Lists deliveries, newest first, of subscriptions that the key reaches.
    static func list(_ call: Call) async throws -> Response {
        var filter = DeliveryFilter(limit: try call.query.limit() + 1)
        filter.subscription = call.query["subscription"].map { SubscriptionID($0) }
        filter.event = try event(call.query)
        filter.state = try state(call.query)
        filter.before = try call.query.cursor().map { DeliveryID($0) }
        let page = try await page(filter, for: call)
        if page["items"]?.items?.isEmpty ?? true { try await seeWhatIsNamed(by: filter, call) }
        return Response(.ok, json: page)
    }

    /// An empty page must not stand for a mistyped id. What was deleted is known by the deliveries that it has left.
    ///
    /// - Throws: ``Fault/Code/notFound`` where the key reaches no such subscription or event.
    private static func seeWhatIsNamed(by filter: DeliveryFilter, _ call: Call) async throws {
        if let id = filter.subscription, !(try await knows(id, call)) {
            throw Fault(.notFound, field: "subscription", "there is no subscription \(id)")
        }
        guard let id = filter.event else { return }
        guard let event = try await call.parts.store.event(id), call.key.reaches(event.organization, in: call.directory)
        else { throw Fault(.notFound, field: "event", "there is no event \(id)") }
    }

    private static func knows(_ id: SubscriptionID, _ call: Call) async throws(StoreError) -> Bool {
        if let subscription = call.parts.subscriptions.index[id] {
            return call.key.reaches(subscription.organization, in: call.directory)
        }
        var left = DeliveryFilter(limit: 1)
        left.subscription = id
        left.organizations = call.key.reach(in: call.directory)
        return try await !call.parts.store.deliveries(left).isEmpty
    }

    /// The newest deliveries of an event, as a first page of the list.
    static func page(of event: EventID, for call: Call) async throws(StoreError) -> JSON {
        var filter = DeliveryFilter(limit: Query.longestPage + 1)
        filter.event = event
        return try await page(filter, for: call)
    }

    /// One page of what the key reaches; the filter asks for one more than is shown, to learn whether more follow.
    private static func page(_ filter: DeliveryFilter, for call: Call) async throws(StoreError) -> JSON {
        var filter = filter
        filter.organizations = call.key.reach(in: call.directory)
        let found = try await call.parts.store.deliveries(filter)
        let shown = found.prefix(filter.limit - 1)
        return Page.json(shown.map(\.json), next: found.count > shown.count ? shown.last?.id.description : nil)
    }

    /// Shows one delivery with every attempt, oldest first.
    static func show(_ call: Call) async throws -> Response {
        answer(try await named(call), to: call)
    }

    /// Makes a delivery due at once: one that waits, or one that is dead, whose schedule begins anew.
    static func retry(_ call: Call) async throws -> Response {
        let delivery = try await named(call).delivery
        try await call.parts.store.retry(delivery.id, at: call.now, audited: entry(.retry, delivery, call))
        call.parts.subscriptions.tell(delivery.subscription)
        return answer(try await named(call), to: call)
    }

    /// Cancels a delivery that waits or is dead.
    static func cancel(_ call: Call) async throws -> Response {
        let delivery = try await named(call).delivery
        try await call.parts.store.cancel(delivery.id, audited: entry(.cancel, delivery, call))
        return answer(try await named(call), to: call)
    }

    /// The audit's line; a delivery belongs where its subscription does, and of one that is gone only those hear who
    /// stand above all trees.
    private static func entry(_ deed: AuditEntry.Deed, _ delivery: Delivery, _ call: Call) -> AuditEntry {
        let subscription = call.parts.subscriptions.index[delivery.subscription]
        return call.author.entry(deed, .delivery, delivery.id.description, of: subscription?.organization)
    }

    private static func answer(_ found: (delivery: Delivery, attempts: [Attempt]), to call: Call) -> Response {
        var json = found.delivery.json
        let terms = call.parts.subscriptions.index[found.delivery.subscription]?.terms
        let attempts = found.attempts.map { $0.readable(at: call.key.privacyLevel, of: terms).json }
        json["attempts"] = .array(attempts)
        if attempts.contains(where: { $0["answer"]?.text?.isEmpty == false }) { call.noteReading(.storedBodies) }
        // More were made than are shown: their records are kept no longer.
        let pruned = found.delivery.attempts - Set(found.attempts.map(\.number)).count
        if pruned > 0 { json["attemptsPruned"] = .integer(pruned) }
        return Response(.ok, json: .object(json))
    }

    private static func named(_ call: Call) async throws -> (delivery: Delivery, attempts: [Attempt]) {
        guard let number = Int64(call.name), let found = try await call.parts.store.delivery(DeliveryID(number)),
            try await isSeen(found.delivery, by: call)
        else { throw Fault(.notFound, "there is no delivery \(call.name)") }
        return found
    }

    /// Asks the store, which knows the organizations of deleted subscriptions too.
    private static func isSeen(_ delivery: Delivery, by call: Call) async throws(StoreError) -> Bool {
        guard let reach = call.key.reach(in: call.directory) else { return true }
        if let subscription = call.parts.subscriptions.index[delivery.subscription] {
            return reach.contains(subscription.organization)
        }
        var filter = DeliveryFilter(limit: 1)
        filter.subscription = delivery.subscription
        filter.event = delivery.event
        filter.organizations = reach
        return try await !call.parts.store.deliveries(filter).isEmpty
    }

    private static func event(_ query: Query) throws(Fault) -> EventID? {
        guard let text = query["event"] else { return nil }
        guard let event = EventID(text) else {
            throw Fault(.outOfBounds, field: "event", "event is an id as POST /v1/events answers it in `event`, a UUID")
        }
        return event
    }

    private static func state(_ query: Query) throws(Fault) -> DeliveryState.Name? {
        guard let text = query["state"] else { return nil }
        guard let state = DeliveryState.Name(rawValue: text) else {
            let offer = DeliveryState.Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(.outOfBounds, field: "state", "state is one of \(offer)")
        }
        return state
    }
}

extension Delivery {
    /// The delivery in the words of the native API; `due` and `reason` where its state has one.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.description)
        object["event"] = .string(event.description)
        object["subscription"] = .string(subscription.text)
        object["state"] = .string(state.name.rawValue)
        switch state {
        case .leased, .delivered: break
        case .waiting(let due): object["due"] = .string(RFC3339.text(due))
        case .dead(let reason): object["reason"] = .string(reason.rawValue)
        case .cancelled(let reason): object["reason"] = .string(reason.rawValue)
        }
        object["lane"] = .string(lane.name)
        object["attemptCount"] = .integer(attempts)
        object["created"] = .string(RFC3339.text(created))
        object["replay"] = .bool(isReplay)
        return object
    }
}

extension Attempt {
    /// The attempt in the words of the native API. Its header fields were masked when it was made.
    var json: JSON {
        var object = JSONObject()
        object["number"] = .integer(number)
        object["time"] = .string(RFC3339.text(started))
        object["milliseconds"] = .fraction(Double(duration.microseconds) / 1000)
        object["outcome"] = .string(outcome.word)
        object["sentence"] = .string(outcome.sentence)
        object["status"] = outcome.status.map { .integer($0) } ?? .null
        object["headers"] = .object(Self.json(of: headers))
        if case .answered(let answer) = outcome {
            object["answer"] = .string(String(decoding: answer.excerpt, as: UTF8.self))
        } else {
            object["answer"] = .null
        }
        if isAnswerWithheld {
            object["answer"] = .null
            object["answerWithheld"] = true
        }
        return .object(object)
    }

    private static func json(of headers: HTTPFields) -> JSONObject {
        var object = JSONObject()
        for field in headers {
            let earlier = object[field.name.rawName]?.text
            object[field.name.rawName] = .string(earlier.map { "\($0), \(field.value)" } ?? field.value)
        }
        return object
    }
}
