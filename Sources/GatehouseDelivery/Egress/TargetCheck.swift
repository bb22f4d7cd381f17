package import GatehouseCore

/// Finds the addresses that may be dialled for a URL: spelling, resolver, guard, in that order, in one place.
package struct TargetCheck: Sendable {
    /// The rule on addresses.
    package let egress: EgressGuard
    /// The resolver of names.
    package let resolver: any NameResolver

    /// The result of a check.
    enum Finding: Sendable {
        /// The addresses to dial, in the resolver's order, and how long they are valid.
        case admitted([NetworkAddress], validFor: Duration)
        /// Nothing may or can be dialled; the outcome is never an answer.
        case refused(Outcome)
    }

    /// Joins the rule with a resolver.
    package init(egress: EgressGuard, resolver: any NameResolver) {
        self.egress = egress
        self.resolver = resolver
    }

    /// Why a new subscription to this URL must be refused; nil if it may be created.
    ///
    /// A name that does not resolve at present is accepted, because every attempt is checked again with the addresses
    /// of its own time, and a receiver may be registered before its name exists.
    ///
    /// - Parameter organization: the organization that the look-up counts for; nil for the gateway's own.
    package func refusal(of url: TargetURL, for organization: OrganizationID?) async -> String? {
        let account = Account(organization: organization, timeout: Self.patience)
        switch await finding(for: url, on: account, allowsPlainHTTP: false) {
        case .admitted: return nil
        case .refused(.forbidden(let reason)): return reason
        case .refused: return nil
        }
    }

    /// The organization that a look-up counts for, and how long it may take.
    struct Account: Sendable {
        let organization: OrganizationID?
        let timeout: Duration
    }

    /// How long a registration waits for a name.
    private static let patience = Duration.seconds(5)

    /// The finding that needs no look-up: nil for a name.
    func findingAtOnce(for url: TargetURL, allowsPlainHTTP: Bool) -> Finding? {
        switch HostSpelling(url) {
        case .refused(let reason): .refused(.forbidden(reason: reason))
        case .literal(let address): judged([address], url, validFor: .seconds(3600), allowsPlainHTTP)
        case .name: nil
        }
    }

    /// Resolves and judges. The guard sees every address that the resolver gives, also cached ones at each use.
    func finding(for url: TargetURL, on account: Account, allowsPlainHTTP: Bool) async -> Finding {
        if let finding = findingAtOnce(for: url, allowsPlainHTTP: allowsPlainHTTP) { return finding }
        switch await resolver.resolve(url.host, for: account.organization, within: account.timeout) {
        case .addresses(let addresses, let validFor):
            return judged(addresses, url, validFor: validFor, allowsPlainHTTP)
        case .unknown(let reason): return .refused(.unresolved(reason: reason))
        case .timedOut: return .refused(.timedOut(.resolve))
        }
    }

    private func judged(
        _ addresses: [NetworkAddress], _ url: TargetURL, validFor: Duration, _ allowsPlainHTTP: Bool
    ) -> Finding {
        switch egress.admit(addresses, scheme: url.scheme, allowsPlainHTTP: allowsPlainHTTP) {
        case .success(let admitted) where admitted.isEmpty:
            .refused(.unresolved(reason: "the name has no address"))
        case .success(let admitted): .admitted(admitted, validFor: validFor)
        case .failure(let refusal): .refused(.forbidden(reason: refusal.reason))
        }
    }
}
