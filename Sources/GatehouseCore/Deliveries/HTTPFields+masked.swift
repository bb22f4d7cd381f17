public import HTTPTypes

extension HTTPFields {
    /// The fields as they may be kept and shown: whatever signs or lets somebody in is dots.
    public var masked: HTTPFields {
        var masked = HTTPFields()
        masked.reserveCapacity(count)
        for field in self {
            masked.append(Self.isSecret(field.name.canonicalName) ? HTTPField(name: field.name, value: "•••") : field)
        }
        return masked
    }

    private static func isSecret(_ name: String) -> Bool {
        // On nearly every delivery and answer, so they are known without a search.
        switch name {
        case "content-type", "user-agent", "webhook-id", "webhook-timestamp", "gatehouse-event-id": false
        case "content-length", "date", "server", "connection": false
        case "webhook-signature": true
        default: telling.contains { name.contains($0) }
        }
    }

    private static let telling = ["authorization", "cookie", "signature", "token", "secret", "key", "password", "auth"]
}
