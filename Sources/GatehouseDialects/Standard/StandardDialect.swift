package import GatehouseCore

/// Our own dialect, the default: the event as a CloudEvent 1.0, signed by Standard Webhooks 1.0.
package struct StandardDialect: Dialect {
    package let name = DialectName("standard")
    package let defaults = DialectDefaults(
        privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: true,
        overlap: .seconds(24 * 3600))
    package let vocabulary = StandardEvents.vocabulary

    /// There is one Standard, so there are no parameters.
    package init() {}

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults: [ValidationError] = []
        if let secret = terms.secret, StandardWebhooks(secret: secret) == nil {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "secret",
                    "secret takes whsec_ and the base64 of 24 to 64 bytes; without it, a creation or rotation makes one"
                ))
        }
        if terms.standardSignature {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "standardSignature",
                    "the standard dialect signs so already, with its secret: leave it out, or false"))
        }
        if let first = terms.settings.members.first {
            faults.append(
                ValidationError(
                    .unknownField, field: "settings.\(first.key)", "the standard dialect has no settings of its own"))
        }
        return faults
    }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        StandardWebhooks.makeSecret(using: &random)
    }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        [VendorName(event.kind.name)]
    }

    package func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.gatewayTest, Kind.gatewayTest.name), askedBy: subscription)
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        let body = StandardPayload.body(of: parcel.event, at: terms.privacyLevel)
        return PreparedRequest(
            url: terms.url, headers: StandardHeaders.fields(of: parcel, signing: body, at: now), body: body)
    }

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try StandardPayload.parse(body)
    }
}
