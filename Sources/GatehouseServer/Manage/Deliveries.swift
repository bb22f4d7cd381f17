internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `/v1/deliveries`: what became of every event that was owed to somebody.
enum Deliveries {
    /// Lists deliveries, newest first, of subscriptions that the key reaches.
    static func list(_ call: Call) async throws -> Response {
        let question = try DeliveryQuestion(call)
        let page = try await page(question.filter, for: call)
        if !question.isAnswered(by: page["items"]?.items ?? []) { try await question.seeWhatIsNamed(call) }
        return Response(.ok, json: page)
    }

    /// The newest deliveries of an event, as a first page of the list.
    static func page(of event: EventID, for call: Call) async throws(StoreError) -> JSON {
        var filter = DeliveryFilter(limit: Query.longestPage + 1)
        filter.event = event
        filter.organizations = call.key.reach(in: call.directory)
        return try await page(filter, for: call)
    }

    /// One page of what the key reaches; the filter asks for one more than is shown, to learn whether more follow.
    private static func page(_ filter: DeliveryFilter, for call: Call) async throws(StoreError) -> JSON {
        let found = try await call.parts.store.deliveries(filter)
        let shown = found.prefix(filter.limit - 1)
        let outlines = shown.isEmpty ? [:] : try await call.parts.store.outlines(of: shown.map(\.id))
        let items = shown.map { $0.json(outlines[$0.id], call) }
        return Page.json(items, next: found.count > shown.count ? shown.last?.id.description : nil)
    }

    /// Shows one delivery with every attempt, oldest first.
    static func show(_ call: Call) async throws -> Response {
        try await answer(try await named(call), to: call)
    }

    /// Makes a delivery due at once: one that waits, or one that is dead, whose schedule begins anew.
    static func retry(_ call: Call) async throws -> Response {
        let delivery = try await named(call).delivery
        try await call.parts.store.retry(delivery.id, at: call.now, audited: entry(.retry, delivery, call))
        call.parts.notifier.post(.deliveriesDue(delivery.subscription))
        return try await answer(try await named(call), to: call)
    }

    /// Cancels a delivery that waits or is dead.
    static func cancel(_ call: Call) async throws -> Response {
        let delivery = try await named(call).delivery
        try await call.parts.store.cancel(delivery.id, audited: entry(.cancel, delivery, call))
        return try await answer(try await named(call), to: call)
    }

    /// The audit's line; a delivery belongs where its subscription does, and of one that is gone only those hear who
    /// stand above all trees.
    private static func entry(_ action: AuditEntry.Action, _ delivery: Delivery, _ call: Call) -> AuditEntry {
        let subscription = call.parts.subscriptions.index[delivery.subscription]
        return call.author.entry(action, .delivery, delivery.id.description, of: subscription?.organization)
    }

    private static func answer(
        _ found: (delivery: Delivery, attempts: [Attempt]), to call: Call
    ) async throws(StoreError) -> Response {
        let outlines = try await call.parts.store.outlines(of: [found.delivery.id])
        var json = found.delivery.json(outlines[found.delivery.id], call)
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
        else { throw ValidationError(.notFound, "there is no delivery \(call.name)") }
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
}

extension Delivery {
    /// The delivery in the words of the native API; `due` and `reason` where its state has one. What it is about stands
    /// beside the ids: the kind, the door, the subscription's name. A subscription that was deleted has none.
    fileprivate func json(_ outline: DeliveryOutline?, _ call: Call) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.description)
        object["event"] = .string(event.description)
        object["kind"] = .text(outline?.kind)
        object["door"] = .text(outline?.door?.text)
        object["doorName"] = .text(outline?.doorName)
        object["subscription"] = .string(subscription.text)
        object["subscriptionName"] = .text(call.parts.subscriptions.index[subscription]?.terms.name)
        object["state"] = .string(state.name.rawValue)
        switch state {
        case .leased, .delivered: break
        case .waiting(let due): object["due"] = .string(RFC3339.text(due))
        case .dead(let reason): object["reason"] = .string(reason.rawValue)
        case .cancelled(let reason): object["reason"] = .string(reason.rawValue)
        }
        object["lane"] = .string(lane.name)
        object["attemptCount"] = .integer(attempts)
        object["lastAttempt"] = outline?.last?.json ?? .null
        object["created"] = .string(RFC3339.text(created))
        object["replay"] = .bool(isReplay)
        return object
    }
}

extension DeliveryOutline.LastAttempt {
    /// The attempt in the words of the native API.
    fileprivate var json: JSON {
        [
            "time": .string(RFC3339.text(started)), "outcome": .string(outcome),
            "status": status.map { .integer($0) } ?? .null,
        ]
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
