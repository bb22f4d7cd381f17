internal import HTTPTypes

/// The header fields of Standard Webhooks 1.0.
extension HTTPField.Name {
    static let webhookID = name("webhook-id")
    static let webhookTimestamp = name("webhook-timestamp")
    static let webhookSignature = name("webhook-signature")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
