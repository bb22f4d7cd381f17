internal import Crypto
internal import FoundationEssentials

/// BAS-IP's webhooks (Android panels 2.15.0): HMAC-SHA256 of the raw body in lower-case hexadecimal, in
/// `X-Webhook-Signature`.
///
/// The time and the number of the attempt are in other headers and are not signed, so only the event's number
/// distinguishes a captured request from a retry; a test has none.
struct BasIPScheme: Scheme {
    private static let secretLengths = 16...128

    private let key: SymmetricKey

    init(secret: String) throws(VerificationError) {
        guard Self.secretLengths.contains(secret.unicodeScalars.count) else { throw .secretOutOfBounds }
        self.key = SymmetricKey(data: Array(secret.utf8))
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let text = try request.only("x-webhook-signature")
        guard let signature = Hexadecimal.bytes(text, count: SHA256.byteCount) else { throw .malformedHexadecimal }
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: request.body, using: key) else {
            throw .wrongSignature
        }
        return VerifiedEvent(id: Self.name(of: request.body), timestamp: nil, body: request.body)
    }

    private struct Notification: Decodable {
        let number: Int64

        enum CodingKeys: String, CodingKey {
            case number = "event_id"
        }
    }

    private static func name(of body: [UInt8]) -> String? {
        guard let notification = try? JSONDecoder().decode(Notification.self, from: Data(body)),
            notification.number > 0
        else { return nil }
        return String(notification.number)
    }
}
