package import GatehouseCore

/// The operator's own subscription, which the configuration asks for: it is told how the deliveries of every
/// subscription fare, in all organizations: ``Catalogue/raised``.
///
/// It is kept like any other, so that what it is owed outlives a restart, is tried again, and is seen among the
/// deliveries.
package struct OperatorsSubscription: Sendable {
    /// Where the operator is told; nil for nowhere.
    package let url: TargetURL?
    /// What is signed with; nil for no signature.
    package let secret: Secret?

    /// Takes what the configuration says.
    package init(url: TargetURL?, secret: Secret?) {
        self.url = url
        self.secret = secret
    }

    /// Makes what is kept agree with the configuration: adds it, changes it, or deletes it with what waits for it.
    /// Another URL or secret also lets go what was held back, since the one that was gone is not dialled any more.
    ///
    /// - Throws: ``StoreError``; then what is kept is as it was.
    package func settle(
        in registry: SubscriptionRegistry, dialect: any Dialect, at now: Instant, through intake: any ChangeIntake
    ) async throws(StoreError) {
        let present = registry.index.all.first { $0.organization == .operators }
        guard let url else {
            if let present {
                let line = Self.line(.remove, present.id, at: now)
                try await registry.delete(present, at: now, audited: line, through: intake)
            }
            return
        }
        guard let present else {
            let draft = draft(for: url, dialect: dialect, at: now)
            let line = Self.line(.add, draft.identity.id, at: now)
            _ = try await registry.add(draft, audited: line, through: intake)
            return
        }
        var terms = present.terms
        terms.url = url
        terms.kinds = Self.kinds
        terms.secret = secret
        terms.outgoing = nil
        guard terms != present.terms else { return }
        let changed = [
            (terms.url != present.terms.url, "url"), (terms.secret != present.terms.secret, "secret"),
            (terms.kinds != present.terms.kinds, "kinds"),
        ]
        let line = Self.line(.change, present.id, at: now).naming(changed.filter(\.0).map(\.1))
        // What was held back goes where it is dialled otherwise; another version's kinds are no reason.
        let isElsewhere = url != present.terms.url || secret != present.terms.secret
        _ = try await registry.change(
            present, terms: terms, hold: isElsewhere ? Subscription.Hold.none : nil, audited: line, through: intake)
    }

    /// The audit's line: the gateway does it by itself, since the configuration says so.
    private static func line(_ action: AuditEntry.Action, _ id: SubscriptionID, at now: Instant) -> AuditEntry {
        AuditEntry(action, .subscription, id.text, of: nil, by: .gateway, at: now)
    }

    /// The kinds by name, so that each is seen where the subscription is shown.
    private static let kinds = Catalogue.raised.kinds.map(\.name)

    private func draft(for url: TargetURL, dialect: any Dialect, at now: Instant) -> Subscription.Draft {
        var terms = Terms(name: "operator", dialect: dialect.name, url: url, defaults: dialect.defaults)
        terms.kinds = Self.kinds
        terms.secret = secret
        var random = SystemRandomNumberGenerator()
        let identity = Subscription.Identity(
            id: dialect.makeID(using: &random), organization: .operators, created: now)
        return Subscription.Draft(identity, terms)
    }
}
