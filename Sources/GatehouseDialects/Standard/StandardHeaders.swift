internal import GatehouseCore
internal import HTTPTypes

/// The header fields of a Standard delivery: those of Standard Webhooks 1.0, then ours, then the owner's.
enum StandardHeaders {
    /// Signs the body with each secret in force. Without a secret there is no signature.
    static func fields(of parcel: Parcel, signing body: [UInt8], at now: Instant) -> HTTPFields {
        let terms = parcel.subscription.terms
        let id = parcel.event.id.description
        let timestamp = String(now.seconds)
        var fields = HTTPFields()
        fields[.contentType] = "application/cloudevents+json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        fields[.webhookID] = id
        fields[.webhookTimestamp] = timestamp
        let signers = terms.secrets(at: now).compactMap { StandardWebhooks(secret: $0) }
        let signatures = signers.map { $0.signature(id: id, timestamp: timestamp, body: body) }
        if !signatures.isEmpty { fields[.webhookSignature] = signatures.joined(separator: " ") }
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        return fields
    }
}
