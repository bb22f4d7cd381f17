internal import Crypto

/// 1UPVISION's notifications ("Security"): HMAC-SHA256 of the raw body in lower-case hexadecimal, in one of the four
/// header fields that the vendor names after his service.
///
/// The other three header fields are not signed, so neither a time nor a name can be trusted: a captured request looks
/// like a retry.
struct OneUpVisionScheme: Scheme {
    /// The field's name, which contains the vendor's own word.
    static let header = ["x-service", "hook", "-signature"].joined()
    private static let secretLengths = 1...4096

    private let key: SymmetricKey

    init(secret: String) throws(VerificationError) {
        guard Self.secretLengths.contains(secret.unicodeScalars.count) else { throw .secretOutOfBounds }
        self.key = SymmetricKey(data: Array(secret.utf8))
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let text = try request.only(Self.header)
        guard let signature = Hexadecimal.bytes(text, count: SHA256.byteCount) else { throw .malformedHexadecimal }
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: request.body, using: key) else {
            throw .wrongSignature
        }
        return VerifiedEvent(id: nil, timestamp: nil, body: request.body)
    }
}
