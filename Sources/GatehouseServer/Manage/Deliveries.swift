internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `/v1/deliveries`: the state of every delivery.
struct Deliveries: Sendable {
    let queries: DeliveryQueries
    let subscriptions: SubscriptionService
    let events: EventQueries

    /// Lists deliveries, the newest event first, of subscriptions that the key reaches.
    func list(_ call: Call) async throws -> Response {
        let question = try DeliveryQuestion(call)
        let page = try await queries.page(question.filter)
        if !question.isAnswered(by: page.lines) { try await seeWhatIsNamed(question.filter, call) }
        return Response(.ok, json: Self.json(of: page))
    }

    /// A mistyped id must not get an empty page. Something deleted is still known if deliveries of it are left.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` if the key reaches no such subscription, event or door.
    private func seeWhatIsNamed(_ filter: DeliveryFilter, _ call: Call) async throws {
        if let id = filter.subscription, !(try await queries.knows(id, for: call.key)) {
            throw ValidationError(.notFound, field: "subscription", "there is no subscription \(id)")
        }
        if let id = filter.event, !(try await events.knows(id, for: call.key)) {
            throw ValidationError(.notFound, field: "event", "there is no event \(id)")
        }
        try call.directory.check(filter.doors, for: call.key)
    }

    /// Shows one delivery with every attempt, oldest first.
    func show(_ call: Call) async throws -> Response {
        answer(try await queries.record(call.name, for: call.author))
    }

    /// Makes a delivery due at once: a waiting one, or a dead one, whose schedule starts again.
    func retry(_ call: Call) async throws -> Response {
        answer(try await queries.retry(call.name, author: call.author))
    }

    /// Cancels a waiting or dead delivery.
    func cancel(_ call: Call) async throws -> Response {
        answer(try await queries.cancel(call.name, author: call.author))
    }

    private func answer(_ record: DeliveryQueries.Record) -> Response {
        var json = record.line.json
        json["attempts"] = .array(record.attempts.map(\.json))
        // There were more attempts than are shown: their records were pruned.
        if record.pruned > 0 { json["attemptsPruned"] = .integer(record.pruned) }
        return Response(.ok, json: .object(json))
    }

    /// A page as the native API answers it.
    static func json(of page: DeliveryQueries.Page) -> JSON {
        Page.json(
            page.lines.map(\.json), next: page.next?.description,
            lookedBackTo: page.lookedBackTo.map { RFC3339.text($0) })
    }
}

extension DeliveryQueries.Line {
    /// The delivery as the native API answers it, with `due` or `reason` if its state has one. Beside the ids there are
    /// the kind, the door and the subscription's name. A deleted subscription has no name.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(delivery.id.description)
        object["event"] = .string(delivery.event.description)
        object["kind"] = .text(outline?.kind)
        object["door"] = .text(outline?.door?.text)
        object["doorName"] = .text(outline?.doorName)
        object["subscription"] = .string(delivery.subscription.text)
        object["subscriptionName"] = .text(subscriptionName)
        object["state"] = .string(delivery.state.name.rawValue)
        switch delivery.state {
        case .leased, .delivered: break
        case .waiting(let due): object["due"] = .string(RFC3339.text(due))
        case .dead(let reason): object["reason"] = .string(reason.rawValue)
        case .cancelled(let reason): object["reason"] = .string(reason.rawValue)
        }
        object["lane"] = .string(delivery.lane.name)
        object["attemptCount"] = .integer(delivery.attempts)
        object["lastAttempt"] = outline?.last?.json ?? .null
        object["created"] = .string(RFC3339.text(delivery.created))
        object["replay"] = .bool(delivery.isReplay)
        return object
    }
}

extension DeliveryOutline.LastAttempt {
    /// The attempt as the native API answers it.
    fileprivate var json: JSON {
        [
            "time": .string(RFC3339.text(started)), "outcome": .string(outcome),
            "status": status.map { .integer($0) } ?? .null,
        ]
    }
}

extension Attempt {
    /// The attempt as the native API answers it. Its header fields were masked when it was made.
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
