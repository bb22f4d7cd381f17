internal import Crypto
internal import FoundationEssentials

/// PlaceOS's posts (seed 001): HMAC-SHA256 of the timestamp's text, in lower-case hexadecimal, both in the body.
///
/// Nothing else is signed: a person who sees one request can write any other request of that second. So the time must
/// be fresh, and `VerifiedEvent/body` is only as trustworthy as its connection; the same holds for the event's id
/// beside it.
struct PlaceOSScheme: Scheme {
    private static let secretLengths = 1...4096
    private static let idHeader = "gatehouse-event-id"

    private let key: SymmetricKey
    private let window: Freshness

    init(secret: String, window: Freshness) throws(VerificationError) {
        guard Self.secretLengths.contains(secret.unicodeScalars.count) else { throw .secretOutOfBounds }
        self.key = SymmetricKey(data: Array(secret.utf8))
        self.window = window
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let texts = try TopTexts(in: request.body)
        let signatureText = try texts.only("signature")
        let timestamp = try texts.only("timestamp")
        guard let signature = Hexadecimal.bytes(signatureText, count: SHA256.byteCount) else {
            throw .malformedHexadecimal
        }
        guard let signed = UTCSeconds.read(timestamp) else { throw .malformedTime }
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: Array(timestamp.utf8), using: key)
        else { throw .wrongSignature }
        try window.check(signed, now: now)
        let ids = request.headers.filter { $0.name.lowercased() == Self.idHeader }.map(\.value)
        return VerifiedEvent(id: ids.count == 1 ? ids.first : nil, timestamp: signed, body: request.body)
    }
}

/// Times such as `2022-04-03T23:59:25Z`, the one spelling that is signed.
enum UTCSeconds {
    /// The seconds since 1970; nil for every other spelling, and for days that do not exist.
    static func read(_ text: String) -> UnixSeconds? {
        guard let date = try? Date(text, strategy: .iso8601), date.formatted(.iso8601) == text else { return nil }
        return UnixSeconds(date.timeIntervalSince1970)
    }
}
