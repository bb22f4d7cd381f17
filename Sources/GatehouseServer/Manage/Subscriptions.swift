internal import GatehouseCore
internal import Hummingbird

/// `/v1/subscriptions`: who wants what, where. The secret is shown once, in the answer that made it.
enum Subscriptions {
    /// Makes a subscription, and a secret where the dialect signs and its owner gave none.
    static func add(_ call: Call) async throws -> Response {
        var object = try await call.object()
        let (id, organization) = try identity(in: &object, call)
        let context = context(of: organization, call)
        let terms = try Terms.make(from: object, in: context)
        try await checkTarget(terms.url, call)
        guard let dialect = call.parts.dialects[terms.dialect] else {
            throw Fault(.outOfBounds, field: "dialect", "this gateway does not speak \(terms.dialect)")
        }
        var random = SystemRandomNumberGenerator()
        let subscription = try await call.parts.subscriptions.add(
            Subscription.Identity(id: id, organization: organization, created: call.now, maker: call.key.user),
            terms.withSecret(of: dialect, using: &random))
        return Response(made: subscription.json(revealingSecret: true), at: "/v1/subscriptions/\(id)")
    }

    /// Lists the subscriptions of the organizations that the key reaches, or of the one asked for and all below it.
    static func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = call.parts.subscriptions.index.all.filter { reach?.contains($0.organization) ?? true }
        return try Page.cut(seen, call.query, by: \.id.text) { $0.json(revealingSecret: false) }
    }

    /// Shows one subscription, never its secret.
    static func show(_ call: Call) async throws -> Response {
        answer(try named(call))
    }

    /// Changes what the body names (RFC 7396). Made inactive, nothing is owed any more: what waits is cancelled, also
    /// where it was inactive before, so that a request whose second half met a store that was away can be sent again.
    static func change(_ call: Call) async throws -> Response {
        let object = try await call.object()
        let present = try named(call)
        let terms = try present.terms.patched(by: object, in: context(of: present.organization, call))
        if terms.url != present.terms.url { try await checkTarget(terms.url, call) }
        let changed =
            terms == present.terms ? present : try await call.parts.subscriptions.change(present, terms: terms)
        if !changed.isActive {
            try await call.parts.store.cancelWaiting(of: changed.id, .subscriptionInactive)
        }
        return answer(changed)
    }

    /// Deletes a subscription; what waits is cancelled with it, its history stays.
    static func delete(_ call: Call) async throws -> Response {
        try await call.parts.subscriptions.delete(try named(call).id, at: call.now)
        return Response(status: .noContent)
    }

    /// Holds deliveries back; everything stays owed. One that the gateway disabled stays so: it is held already, and
    /// why is worth knowing.
    static func pause(_ call: Call) async throws -> Response {
        let present = try named(call)
        guard present.hold == .none else { return answer(present) }
        return answer(try await call.parts.subscriptions.change(present, hold: .paused))
    }

    /// Lets deliveries go again, whoever held them back.
    static func resume(_ call: Call) async throws -> Response {
        let present = try named(call)
        guard present.hold != .none else { return answer(present) }
        return answer(try await call.parts.subscriptions.change(present, hold: Subscription.Hold.none))
    }

    // MARK: Parts

    private static func answer(_ subscription: Subscription) -> Response {
        Response(.ok, json: .object(subscription.json(revealingSecret: false)))
    }

    private static func named(_ call: Call) throws(Fault) -> Subscription {
        guard let subscription = call.parts.subscriptions.index[SubscriptionID(call.name)],
            call.key.reaches(subscription.organization, in: call.directory)
        else { throw Fault(.notFound, "there is no subscription \(call.name)") }
        return subscription
    }

    /// Takes out of the body what belongs to the subscription and not to its terms.
    private static func identity(
        in object: inout JSONObject, _ call: Call
    ) throws -> (SubscriptionID, OrganizationID) {
        var fields = Fields(object, known: object.members.map(\.key))
        let id = fields.identifier("id") ?? MadeIdentifier.make("subscription")
        let organization = fields.organization(of: call)
        try fields.check()
        object["id"] = nil
        return (SubscriptionID(id), organization)
    }

    private static func context(of organization: OrganizationID, _ call: Call) -> TermsContext {
        TermsContext(
            directory: call.directory, organization: organization, dialects: call.parts.dialects, now: call.now)
    }

    private static func checkTarget(_ url: TargetURL, _ call: Call) async throws(Fault) {
        guard let refusal = await call.parts.targets.refusal(of: url) else { return }
        throw Fault(.forbiddenTarget, field: "url", refusal)
    }
}

extension Subscription {
    /// The subscription in the words of the native API. `hold` says why deliveries are held back, `none` where they go.
    fileprivate func json(revealingSecret: Bool) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["organization"] = .string(organization.text)
        for member in terms.json(revealingSecret: revealingSecret).members { object[member.key] = member.value }
        object["hold"] = .string(hold.rawValue)
        object["created"] = .string(RFC3339.text(created))
        object["createdBy"] = .text(maker)
        return object
    }
}
