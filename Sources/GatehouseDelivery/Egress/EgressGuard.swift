package import GatehouseCore

/// Which addresses may be dialled: the one rule for deliveries, tests, registrations and drivers.
///
/// Without an allow-list, only https to public addresses. An allowed range opens special addresses inside it, and
/// plain http to them. Metadata addresses are never allowed, and an IPv6 address is forbidden if its embedded IPv4
/// address is.
package struct EgressGuard: Sendable {
    /// The ranges that the operator allows in addition to the public ones.
    package let allowed: [AddressRange]

    /// The rule's verdict on one address.
    package enum Verdict: Hashable, Sendable {
        /// It may be dialled.
        case permitted
        /// The reason is for the owner of the subscription, and says what would change the verdict if something would.
        case forbidden(reason: String)
    }

    /// Takes the operator's ranges; none is the safe default.
    package init(allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// Judges one address, after resolution and before the connection.
    ///
    /// - Parameter allowsPlainHTTP: true for a contract whose own examples are http: then http may go to public
    ///   addresses too. It never opens a special address.
    package func verdict(
        on address: NetworkAddress, scheme: TargetURL.Scheme, allowsPlainHTTP: Bool = false
    ) -> Verdict {
        let faces = [address] + EmbeddedAddresses.carried(by: address)
        if faces.contains(where: SpecialAddresses.isMetadata) {
            return .forbidden(reason: "\(address) is a cloud's metadata address, which is never allowed")
        }
        for face in faces where !isAllowed(face) {
            if let purpose = SpecialAddresses.purpose(of: face) {
                return .forbidden(
                    reason: "\(address) is special (\(purpose)) and not among the allowed targets, which the operator "
                        + "sets by --allow-targets")
            }
        }
        switch scheme {
        case .https: return .permitted
        case .http where allowsPlainHTTP || isAllowed(address): return .permitted
        case .http:
            return .forbidden(
                reason: "plain http goes only to targets that the operator allows by --allow-targets, and \(address) "
                    + "is not one: use https")
        }
    }

    /// Judges all addresses of a name: one forbidden address forbids the name, so that a mixed answer opens nothing.
    ///
    /// The one exception is `::1` beside a permitted address of 127.0.0.0/8, as for `localhost` on most machines: it
    /// is left out, not judged, and never dialled.
    func admit(
        _ addresses: [NetworkAddress], scheme: TargetURL.Scheme, allowsPlainHTTP: Bool
    ) -> Result<[NetworkAddress], EgressError> {
        var permitted: [NetworkAddress] = []
        var refusal: EgressError?
        var shutLoopback: EgressError?
        for address in addresses {
            switch verdict(on: address, scheme: scheme, allowsPlainHTTP: allowsPlainHTTP) {
            case .permitted: permitted.append(address)
            case .forbidden(let reason):
                if address.family == .v6, SpecialAddresses.isLoopback(address) {
                    shutLoopback = EgressError(reason: reason)
                } else {
                    refusal = refusal ?? EgressError(reason: reason)
                }
            }
        }
        if let refusal { return .failure(refusal) }
        let hasLoopback = permitted.contains { $0.family == .v4 && SpecialAddresses.isLoopback($0) }
        if let shutLoopback, !hasLoopback { return .failure(shutLoopback) }
        return .success(permitted)
    }

    /// Why a name's addresses may not be dialled.
    struct EgressError: Error, Hashable {
        let reason: String
    }

    private func isAllowed(_ address: NetworkAddress) -> Bool {
        allowed.contains { $0.contains(address) }
    }
}
