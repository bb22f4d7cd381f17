internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/subscriptions`: which events go where. The secret is shown once, in the answer to the creation.
struct Subscriptions: Sendable {
    let service: SubscriptionService
    let reads: ReadAudit
    let pager: Pager

    /// Creates a subscription, and a secret if the dialect signs and the owner gave none.
    func create(_ call: Call) async throws -> Response {
        var object = try await call.object()
        let (id, organization) = try identity(in: &object, call)
        let made = try await service.create(object, id: id, in: organization, author: call.author)
        var json = made.subscription.json(.secrets)
        // A subscription that joins an organization's integration signs with the integration's secret, which was shown
        // when the integration was created.
        if made.joins { json["secret"] = .null }
        json.put(made.warnings)
        return Response(made: json, at: "/v1/subscriptions/\(made.subscription.id)")
    }

    /// Lists the subscriptions of the organizations that the key reaches, or of the requested one and all below it.
    func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = service.subscriptions(of: reach)
        let (shown, next) = try await pager.slice(seen, call.query, by: \.id.text)
        let health = await service.health(of: shown, call.logger)
        let items = shown.map { $0.json(.masked).with(health[$0.id], of: $0, at: call.now) }
        return Response(.ok, json: Page.json(items, next: next))
    }

    /// Shows one subscription and its health, never its secret. Other credentials for the receiver are masked, unless a
    /// manager asks for them.
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

    /// Changes the fields in the body (RFC 7396). A secret that the change creates is shown only now.
    func update(_ call: Call) async throws -> Response {
        let object = try await call.object()
        let present = try named(call)
        let updated = try await service.update(present, author: call.author) { _ in object }
        let changed = updated.after
        let health = await service.health(of: [changed], call.logger)[changed.id]
        var json = changed.json(.masked).with(health, of: changed, at: call.now)
        if let made = changed.terms.standardSecret, made != updated.before.terms.standardSecret {
            json["standardSecret"] = .string(made.revealed)
        }
        json.put(service.warn(of: changed) { object[$0] != nil })
        return Response(.ok, json: .object(json))
    }

    /// Deletes a subscription. Its waiting deliveries are cancelled, its history stays.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try named(call), author: call.author)
        return Response(status: .noContent)
    }

    /// Holds deliveries; all stay owed.
    func pause(_ call: Call) async throws -> Response {
        await answer(try await service.pause(named(call), author: call.author), call)
    }

    /// Releases the deliveries of a hold, whether a caller or the gateway set it. If the gateway disabled the
    /// subscription, deliveries that died during the outage before that are owed again.
    func resume(_ call: Call) async throws -> Response {
        await answer(try await service.resume(named(call), author: call.author), call)
    }

    /// Sends the receiver a test now, even if the subscription is held or inactive, and answers with the outcome. A
    /// failure of the receiver is not a failure of the call, because the outcome is the answer.
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

    /// Removes from the body the fields that belong to the subscription and not to its terms.
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
    /// Adds warnings for the caller, if there are any.
    mutating func put(_ warnings: [String]) {
        if !warnings.isEmpty { self["warnings"] = .array(warnings.map { .string($0) }) }
    }
}

extension Subscription {
    /// The subscription as the native API answers it. `hold` says why deliveries are held; `none` if they are not. The
    /// operator's own subscription has no organization.
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
