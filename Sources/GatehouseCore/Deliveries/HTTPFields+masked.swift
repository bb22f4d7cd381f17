public import HTTPTypes

extension HTTPFields {
    /// The fields in a form that may be stored and shown: dots replace the values of the owner's own fields, with any
    /// name, and of every other field that signs or authenticates.
    public func masked(besides owners: [Terms.Header] = []) -> HTTPFields {
        let own = owners.isEmpty ? [] : Set(owners.map { $0.name.lowercased() })
        var masked = HTTPFields()
        masked.reserveCapacity(count)
        for field in self {
            let name = field.name.canonicalName
            let isShown = !Self.isSecret(name) && !own.contains(name)
            masked.append(isShown ? field : HTTPField(name: field.name, value: Mask.text))
        }
        return masked
    }

    private static func isSecret(_ name: String) -> Bool {
        // These are on nearly every delivery and answer, so they need no search.
        switch name {
        case "content-type", "user-agent", "webhook-id", "webhook-timestamp", "gatehouse-event-id": false
        case "content-length", "date", "server", "connection": false
        case "webhook-signature": true
        default: secretWords.contains { name.contains($0) }
        }
    }

    private static let secretWords = [
        "authorization", "cookie", "signature", "token", "secret", "key", "password", "auth",
    ]
}
