internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

extension Subscriptions {
    /// Gives a subscription another secret, and shows it this once. Where the dialect has room for two signatures the
    /// old one signs beside it for a while; else the new one takes over at `effectiveAt`, or with the next attempt.
    static func rotateSecret(_ call: Call) async throws -> Response {
        let present = try named(call)
        var fields = Fields(try await call.object(), known: ["secret", "effectiveAt"])
        let secret = fields.text("secret", required: false).map { Secret($0) }
        let effectiveAt = fields.future("effectiveAt", after: call.now)
        try fields.check()
        let rotated = try await call.service.rotate(present, to: secret, effectiveAt: effectiveAt)
        // The one that was given, and no other that it may sign with.
        var json = rotated.json(.masked)
        json["secret"] = .text(rotated.terms.secret?.revealed)
        json.put(call.service.warn(of: rotated) { $0 == "secret" })
        return Response(.ok, json: .object(json))
    }
}

extension SubscriptionService {
    /// Replaces the secret; the one that was in force goes out as the dialect has it, and one that was going out
    /// already is gone.
    fileprivate func rotate(
        _ present: Subscription, to given: Secret?, effectiveAt: Instant?
    ) async throws -> Subscription {
        guard let dialect = parts.dialects[present.terms.dialect] else {
            throw ValidationError(.notFound, "this gateway does not speak \(present.terms.dialect)")
        }
        for member in sharing(present) {
            try caller.checkDoing("rotate the secret of", to: "the subscription", at: member.terms.privacyLevel)
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
        terms.outgoing = try outgoing(of: present.terms, in: dialect, until: effectiveAt)
        try ValidationErrors(dialect.faults(in: terms)).check()
        if let integration = integration(of: present) {
            return try await rotate(integration, to: terms, asked: present)
        }
        return try await parts.subscriptions.change(present, terms: terms, audited: entry(.rotateSecret, present))
    }

    /// What signs now goes on signing: beside the new one, or until that is in force.
    private func outgoing(
        of terms: Terms, in dialect: any Dialect, until effectiveAt: Instant?
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
