internal import GatehouseCore

/// Where the contract has one secret for all subscriptions of an organization, it is the organization's own record: the
/// first subscription founds it, the others join it, and it changes for all of them or for none.
extension SubscriptionService {
    /// How often a creation is tried again because another one, or a rotation, came between.
    private static let tries = 5

    /// Adds a subscription to an organization's integration, which it founds where there is none.
    ///
    /// - Throws: ``ValidationError`` where a secret is given that is not the integration's; ``StoreError``.
    func add(
        _ draft: Subscription.Draft, sharing id: String, author: Author
    ) async throws -> NewSubscription {
        for _ in 1..<Self.tries {
            if let subscription = try await attempt(draft, sharing: id, author: author) { return subscription }
        }
        return try await add(draft, to: registry.integration(draft.integrationName), or: id, author: author)
    }

    /// Nil where another creation was first, so that there is another integration to belong to now.
    private func attempt(
        _ draft: Subscription.Draft, sharing id: String, author: Author
    ) async throws -> NewSubscription? {
        let name = draft.integrationName
        let present = registry.integration(name)
        do {
            return try await add(draft, to: present, or: id, author: author)
        } catch {
            guard let met = error as? StoreError, case .conflict = met else { throw error }
            try await registry.refresh()
            // It was the subscription's own id that is taken.
            if registry.integration(name) == present { throw error }
            return nil
        }
    }

    /// Joins the integration that is there, or founds one of that id.
    private func add(
        _ draft: Subscription.Draft, to present: Integration?, or id: String, author: Author
    ) async throws -> NewSubscription {
        var draft = draft
        let given = draft.terms.secret
        if let present {
            try Self.check(given, against: present)
            (draft.terms.secret, draft.terms.outgoing) = (present.secret, present.outgoing)
            return NewSubscription(
                try await add(draft, as: .joining(present), author: author), madeSecret: nil, joins: true)
        }
        let dialect = draft.terms.dialect
        guard let secret = given ?? makeSecret(in: dialect) else {
            throw ValidationError(
                .missingField, field: "secret", "secret is missing: the dialect \(dialect) makes none")
        }
        draft.terms.secret = secret
        let subscription = try await add(
            draft, as: .founding(Integration(draft.integrationName, id: id, secret: secret)), author: author)
        return NewSubscription(subscription, madeSecret: given == nil ? secret : nil, joins: false)
    }

    /// Changed terms with the integration's secret left as it is: a change may repeat it, and not replace it.
    func keepingShared(_ terms: Terms, of present: Subscription) throws(ValidationError) -> Terms {
        guard let integration = integration(of: present) else { return terms }
        var kept = terms
        if terms.secret == present.terms.secret {
            // Naming the secret that is in force takes nothing away that still signs beside it.
            kept.outgoing = present.terms.outgoing
        } else {
            try Self.check(terms.secret, against: integration)
            kept.outgoing = integration.outgoing
        }
        return kept
    }

    /// The integration that a subscription belongs to; nil where its contract has none.
    func integration(of subscription: Subscription) -> Integration? {
        let name = Integration.Name(subscription.organization, subscription.terms.dialect)
        guard dialects[name.dialect]?.integrationID(of: name.organization) != nil else { return nil }
        return registry.integration(name)
    }

    /// The subscriptions that sign with the secret of one: all of its integration, or itself alone.
    func sharing(_ subscription: Subscription) -> [Subscription] {
        guard integration(of: subscription) != nil else { return [subscription] }
        return registry.index.all.filter { other in
            other.organization == subscription.organization && other.terms.dialect == subscription.terms.dialect
        }
    }

    /// Gives an integration and all its subscriptions another secret.
    func rotate(
        _ integration: Integration, to terms: Terms, asked present: Subscription, author: Author
    ) async throws -> Subscription {
        guard let secret = terms.secret else {
            throw ValidationError(.missingField, field: "secret", "secret is missing")
        }
        let (rotated, now) = (integration.rotated(to: secret, outgoing: terms.outgoing), author.now)
        let changed = try await registry.rotate(
            rotated, audited: author.entry(.rotateSecret, present), through: intake
        ) { member in
            var changed = member.terms
            changed.secret = secret
            // Each goes on with what it signs with now, for as long as that was asked for.
            changed.outgoing = rotated.outgoing.map { outgoing in
                let inForce = member.terms.secrets(at: now).first
                return Terms.Outgoing(secret: inForce, until: outgoing.until, isBeside: outgoing.isBeside)
            }
            return changed
        }
        guard let rotated = changed.first(where: { $0.id == present.id }) else { throw StoreError.missing }
        return rotated
    }

    private func makeSecret(in dialect: DialectName) -> Secret? {
        guard let dialect = dialects[dialect], dialect.defaults.makesSecret else { return nil }
        var random = SystemRandomNumberGenerator()
        return dialect.makeSecret(using: &random)
    }

    private static func check(_ given: Secret?, against integration: Integration) throws(ValidationError) {
        guard let given, given != integration.secret else { return }
        throw ValidationError(
            .outOfBounds, field: "secret",
            "secret belongs to the whole organization, which has one: leave it out, repeat it, or rotate it for all")
    }
}
