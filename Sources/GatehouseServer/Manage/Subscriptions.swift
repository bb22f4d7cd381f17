internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/subscriptions`: who wants what, where. The secret is shown once, in the answer that made it.
struct Subscriptions: Sendable {
    let service: SubscriptionService
    let reads: ReadAudit
    let pager: Pager

    /// Makes a subscription, and a secret where the dialect signs and its owner gave none.
    func create(_ call: Call) async throws -> Response {
        var object = try await call.object()
        let (id, organization) = try identity(in: &object, call)
        let made = try await service.create(object, id: id, in: organization, author: call.author)
        var json = made.subscription.json(.secrets)
        // What joins an organization's integration signs with a secret that was shown when that was founded.
        if made.joins { json["secret"] = .null }
        json.put(made.warnings)
        return Response(made: json, at: "/v1/subscriptions/\(made.subscription.id)")
    }

    /// Lists the subscriptions of the organizations that the key reaches, or of the one asked for and all below it.
    func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = service.subscriptions(of: reach)
        let (shown, next) = try await pager.slice(seen, call.query, by: \.id.text)
        let health = await service.health(of: shown, call.logger)
        let items = shown.map { $0.json(.masked).with(health[$0.id], of: $0, at: call.now) }
        return Response(.ok, json: Page.json(items, next: next))
    }

    /// Shows one subscription and how its deliveries fare, never its secret. What else lets callers in at the receiver
    /// is dots, unless a manager asks for it.
    func show(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        guard try call.reveals() else { return await answer(subscription, call) }
        try call.key.checkDoing(
            "be shown the secret values of", to: "the subscription", at: subscription.terms.privacyLevel)
        reads.note(.reveal(.subscription, id: subscription.id.text), by: call.author)
        let health = await service.health(of: [subscription], call.logger)[subscription.id]
        let json = subscription.json(.revealed).with(health, of: subscription, at: call.now)
        return Response(.ok, json: .object(json))
    }

    /// Changes what the body names (RFC 7396). A secret that comes to be by the change is shown this once.
    func update(_ call: Call) async throws -> Response {
        let object = try await call.object()
        let present = try named(call)
        let changed = try await service.update(present, by: object, author: call.author)
        let health = await service.health(of: [changed], call.logger)[changed.id]
        var json = changed.json(.masked).with(health, of: changed, at: call.now)
        if let made = changed.terms.standardSecret, made != present.terms.standardSecret {
            json["standardSecret"] = .string(made.revealed)
        }
        json.put(service.warn(of: changed) { object[$0] != nil })
        return Response(.ok, json: .object(json))
    }

    /// Deletes a subscription; what waits is cancelled with it, its history stays.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try named(call), author: call.author)
        return Response(status: .noContent)
    }

    /// Holds deliveries back; everything stays owed. One that the gateway disabled is refused: it is held already, and
    /// an answer of success would say that it is paused, which another URL would not lift.
    func pause(_ call: Call) async throws -> Response {
        let present = try named(call)
        switch present.hold {
        case .none: return await answer(try await service.hold(present, as: .paused, author: call.author), call)
        case .paused: return await answer(present, call)
        case .disabled:
            throw ValidationError(
                .conflict,
                "the subscription \(present.id) is disabled, since its receiver said that it is gone: its deliveries "
                    + "are held already. Resume it or give it another URL, and pause it then")
        }
    }

    /// Lets deliveries go again, whoever held them back. Of one that the gateway disabled, what died during the outage
    /// that led to it lives again.
    func resume(_ call: Call) async throws -> Response {
        let present = try named(call)
        guard present.hold != .none else { return await answer(present, call) }
        return await answer(try await service.resume(present, author: call.author), call)
    }

    /// Sends the receiver a test now, held back or inactive though the subscription may be, and tells what it met. A
    /// receiver that fails is no failure of the call: its answer is what was asked for.
    func test(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        guard let testDelivery = try await service.test(subscription) else {
            throw ValidationError(.notFound, "this gateway does not speak \(subscription.terms.dialect)")
        }
        return Response(
            .ok,
            json: [
                "event": .string(testDelivery.event.id.description), "kind": .string(testDelivery.message.kind.name),
                "name": .string(testDelivery.message.name.text), "asked": .bool(testDelivery.message.isAsked),
                "attempt": testDelivery.attempt.json,
            ])
    }

    // MARK: Parts

    private func answer(_ subscription: Subscription, _ call: Call) async -> Response {
        let health = await service.health(of: [subscription], call.logger)[subscription.id]
        let json = subscription.json(.masked).with(health, of: subscription, at: call.now)
        return Response(.ok, json: .object(json))
    }

    func named(_ call: Call) throws(ValidationError) -> Subscription {
        try service.subscription(SubscriptionID(call.name), for: call.key)
    }

    /// Takes out of the body what belongs to the subscription and not to its terms.
    private func identity(
        in object: inout JSONObject, _ call: Call
    ) throws -> (SubscriptionID?, OrganizationID) {
        var fields = Fields(object, known: object.members.map(\.key))
        let id = fields.identifier("id").map { SubscriptionID($0) }
        let organization = fields.organization(for: call.key, in: call.directory)
        try fields.check()
        object["id"] = nil
        return (id, organization)
    }
}

extension JSONObject {
    /// Adds what the caller should know, where there is something.
    mutating func put(_ warnings: [String]) {
        if !warnings.isEmpty { self["warnings"] = .array(warnings.map { .string($0) }) }
    }
}

extension Subscription {
    /// The subscription in the words of the native API. `hold` says why deliveries are held back, `none` where they go.
    /// The operator's own belongs to no organization.
    func json(_ showing: Showing) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["organization"] = organization == .operators ? .null : .string(organization.text)
        for member in terms.json(showing).members { object[member.key] = member.value }
        object["hold"] = .string(hold.rawValue)
        object["created"] = .string(RFC3339.text(created))
        object["createdBy"] = .text(maker)
        return object
    }
}
