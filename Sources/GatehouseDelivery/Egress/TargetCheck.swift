public import GatehouseCore

/// Takes a URL to the addresses that may be dialled for it: spelling, resolver, guard, in that order, in one place.
public struct TargetCheck: Sendable {
    /// The rule on addresses.
    public let egress: EgressGuard
    /// Where names are looked up.
    public let resolver: any NameResolver

    /// What came of a check.
    enum Finding: Sendable {
        /// Where to dial, in the resolver's order, and how long that may be relied on.
        case admitted([NetworkAddress], validFor: Duration)
        /// Nothing may or can be dialled; never an answer.
        case refused(Outcome)
    }

    /// Joins the rule with a resolver.
    public init(egress: EgressGuard, resolver: any NameResolver) {
        self.egress = egress
        self.resolver = resolver
    }

    /// Says why a subscription to this URL must be refused when it is made; nil where it may be.
    ///
    /// A name that does not resolve just now is let through, because every attempt is checked again with the addresses
    /// of its own moment, and a receiver may be registered before its name exists.
    ///
    /// - Parameter organization: on whose account the name is looked up; nil for the gateway's own.
    public func refusal(of url: TargetURL, for organization: OrganizationID?) async -> String? {
        let account = Account(organization: organization, timeout: Self.patience)
        switch await finding(for: url, on: account, allowsPlainHTTP: false) {
        case .admitted: return nil
        case .refused(.forbidden(let reason)): return reason
        case .refused: return nil
        }
    }

    /// Whose look-up it is, and how long it may take.
    struct Account: Sendable {
        let organization: OrganizationID?
        let timeout: Duration
    }

    /// How long a registration waits for a name.
    private static let patience = Duration.seconds(5)

    /// What can be said without looking anything up: nil for a name.
    func findingAtOnce(for url: TargetURL, allowsPlainHTTP: Bool) -> Finding? {
        switch HostSpelling(url) {
        case .refused(let reason): .refused(.forbidden(reason: reason))
        case .literal(let address): judged([address], url, validFor: .seconds(3600), allowsPlainHTTP)
        case .name: nil
        }
    }

    /// Resolves and judges; the guard sees every address that the resolver gave, an old answer's each time it is used.
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
