public import GatehouseCore
internal import HTTPTypes

/// Our own dialect, the default: the event as a CloudEvent 1.0, signed by Standard Webhooks 1.0.
public struct StandardDialect: Dialect {
    public let name = DialectName("standard")
    public let defaults = DialectDefaults(
        privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: true)
    public let vocabulary = StandardEvents.vocabulary

    /// There is one Standard, so there is nothing to say.
    public init() {}

    public func faults(in terms: Terms) -> [Fault] {
        var faults: [Fault] = []
        if let secret = terms.secret, StandardWebhooks(secret: secret) == nil {
            faults.append(
                Fault(
                    .outOfBounds, field: "secret",
                    "secret takes whsec_ and the base64 of 24 to 64 bytes; leave it out and one is made"))
        }
        for member in terms.settings.members {
            faults.append(
                Fault(.unknownField, field: "settings.\(member.key)", "the standard dialect has no settings of its own")
            )
        }
        return faults
    }

    public func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        StandardWebhooks.makeSecret(using: &random)
    }

    public func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        [VendorName(event.kind.name)]
    }

    public func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let body = StandardPayload.body(of: parcel.event, at: parcel.subscription.terms.privacyLevel)
        return PreparedRequest(
            url: parcel.subscription.terms.url, headers: headers(of: parcel, body, at: now), body: body)
    }

    private func headers(of parcel: Parcel, _ body: [UInt8], at now: Instant) -> HTTPFields {
        let terms = parcel.subscription.terms
        let id = parcel.event.id.description
        let timestamp = String(now.seconds)
        var fields = HTTPFields()
        fields[.contentType] = "application/cloudevents+json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        fields[.webhookID] = id
        fields[.webhookTimestamp] = timestamp
        if let signer = terms.secret.flatMap({ StandardWebhooks(secret: $0) }) {
            fields[.webhookSignature] = signer.signature(id: id, timestamp: timestamp, body: body)
        }
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        return fields
    }
}
