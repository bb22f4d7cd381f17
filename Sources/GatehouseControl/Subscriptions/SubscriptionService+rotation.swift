package import GatehouseCore

extension SubscriptionService {
    /// Replaces the secret; the one that was in force goes out as the dialect has it, and one that was going out
    /// already is gone.
    package func rotate(
        _ seen: Subscription, to given: Secret?, effectiveAt: Instant?, author: Author
    ) async throws -> Subscription {
        try await changing(seen) { present in
            try await rotateOnce(present, to: given, effectiveAt: effectiveAt, author: author)
        }
    }

    private func rotateOnce(
        _ present: Subscription, to given: Secret?, effectiveAt: Instant?, author: Author
    ) async throws -> Subscription {
        guard let dialect = dialects[present.terms.dialect] else {
            throw ValidationError(.notFound, "this gateway does not speak \(present.terms.dialect)")
        }
        for member in sharing(present) {
            try author.key.checkDoing("rotate the secret of", to: "the subscription", at: member.terms.privacyLevel)
        }
        var random = SystemRandomNumberGenerator()
        let made = dialect.defaults.makesSecret ? dialect.makeSecret(using: &random) : nil
        guard let secret = given ?? made else {
            throw ValidationError(
                .missingField, field: "secret", "secret is missing: the dialect \(dialect.name) makes none")
        }
        guard secret != present.terms.secret else {
            throw ValidationError(
                .outOfBounds, field: "secret", "secret is the one in force: name another, or leave it out")
        }
        var terms = present.terms
        terms.secret = secret
        terms.outgoing = try outgoing(of: present.terms, in: dialect, until: effectiveAt, at: author.now)
        try ValidationErrors(dialect.faults(in: terms)).check()
        if let integration = integration(of: present) {
            return try await rotate(integration, to: terms, asked: present, author: author)
        }
        return try await registry.change(
            present, terms: terms, audited: author.entry(.rotateSecret, present), through: intake)
    }

    /// What signs now goes on signing: beside the new one, or until that is in force.
    private func outgoing(
        of terms: Terms, in dialect: any Dialect, until effectiveAt: Instant?, at now: Instant
    ) throws(ValidationError) -> Terms.Outgoing? {
        let inForce = terms.secrets(at: now)
        guard let overlap = dialect.defaults.overlap else {
            return effectiveAt.map { Terms.Outgoing(secret: inForce.first, until: $0, isBeside: false) }
        }
        guard effectiveAt == nil else {
            let sentence = "in the dialect \(dialect.name) both secrets sign for a while: leave effectiveAt out"
            throw ValidationError(.outOfBounds, field: "effectiveAt", sentence)
        }
        return inForce.first.map { Terms.Outgoing(secret: $0, until: now + overlap, isBeside: true) }
    }
}
