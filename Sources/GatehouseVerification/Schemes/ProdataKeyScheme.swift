internal import Crypto
internal import FoundationEssentials

/// ProdataKey's webhooks (API 1.0, "Verifying webhook notifications"): HMAC-SHA1 of the raw body in lower-case
/// hexadecimal, in `X-PDK-SIGNATURE`; the document's prose writes it with underscores, so that spelling is accepted
/// too.
///
/// Neither a time nor an id is signed: a captured request looks like a retry, and only a notification with a `body`
/// names itself, by its kind and id.
struct ProdataKeyScheme: Scheme {
    private static let names = ["x-pdk-signature", "x_pdk_signature"]
    private static let secretLengths = 1...255

    private let key: SymmetricKey

    init(secret: String) throws(VerificationError) {
        guard Self.secretLengths.contains(secret.unicodeScalars.count) else { throw .secretOutOfBounds }
        self.key = SymmetricKey(data: Array(secret.utf8))
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let text = try request.onlyOne(of: Self.names)
        guard let signature = Hexadecimal.bytes(text, count: Insecure.SHA1.byteCount) else {
            throw .malformedHexadecimal
        }
        guard HMAC<Insecure.SHA1>.isValidAuthenticationCode(signature, authenticating: request.body, using: key) else {
            throw .wrongSignature
        }
        return VerifiedEvent(id: Self.name(of: request.body), timestamp: nil, body: request.body)
    }

    /// The name of an event notification; other notifications have no id, or the id of their subject.
    private struct Notification: Decodable {
        struct Body: Decodable {}
        let id: String
        let kind: String
        let body: Body

        enum CodingKeys: String, CodingKey {
            case id, body
            case kind = "topic"
        }
    }

    private static func name(of body: [UInt8]) -> String? {
        guard let notification = try? JSONDecoder().decode(Notification.self, from: Data(body)) else { return nil }
        return notification.kind + " " + notification.id
    }
}
