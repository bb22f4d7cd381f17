internal import Crypto

/// Standard Webhooks 1.0 with a symmetric secret (https://www.standardwebhooks.com, "Signature scheme"): HMAC-SHA256
/// over `id.timestamp.body`, in base64 after `v1,`; several, separated by spaces, while a secret is rotated.
///
/// Stricter than the specification where no honest sender is affected: an id has no full stop, a header occurs once, a
/// signature has one spelling and occurs once, and a broken v1 signature beside a good one refuses the request.
struct StandardScheme: Scheme {
    /// A rotation needs two; some senders add a few for future versions.
    static let mostSignatures = 8

    private static let prefix = "whsec_"
    private static let version = "v1,"
    private static let keyBytes = 24...64
    private static let longestIdentifier = 256
    private static let longestTimestamp = 15

    private let key: SymmetricKey
    private let window: Freshness

    init(secret: String, window: Freshness) throws(VerificationError) {
        guard secret.hasPrefix(Self.prefix) else { throw .secretWithoutPrefix }
        guard let bytes = Base64.bytes(secret.dropFirst(Self.prefix.count)) else { throw .secretNotBase64 }
        guard Self.keyBytes.contains(bytes.count) else { throw .secretLength }
        self.key = SymmetricKey(data: bytes)
        self.window = window
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let id = try request.only("webhook-id")
        let stamp = try request.only("webhook-timestamp")
        let header = try request.only("webhook-signature")
        guard Self.isIdentifier(id) else { throw .malformedIdentifier }
        let signed = try Self.seconds(stamp)
        let signatures = try Self.signatures(header)
        try window.check(signed, now: now)

        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("\(id).\(stamp).".utf8))
        code.update(data: request.body)
        let expected = code.finalize()
        // Each comparison takes the same time for every difference, and all of them are made.
        let matches = signatures.map { expected == $0 }
        guard matches.contains(true) else { throw .wrongSignature }
        return VerifiedEvent(id: id, timestamp: signed, body: request.body)
    }

    /// A full stop would make `a` + `.1.2` equal to `a.1` + `.2`: the signed text has no other separators.
    private static func isIdentifier(_ id: String) -> Bool {
        id.utf8.count <= longestIdentifier
            && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") }
    }

    private static func seconds(_ text: String) throws(VerificationError) -> UnixSeconds {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.utf8.count <= longestTimestamp, text.utf8.allSatisfy(digits.contains),
            let seconds = UnixSeconds(text)
        else { throw .malformedTimestamp }
        return seconds
    }

    /// The signatures of version 1, as bytes; other versions are ignored.
    private static func signatures(_ header: String) throws(VerificationError) -> [[UInt8]] {
        let entries = header.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard entries.count <= mostSignatures else { throw .tooManySignatures }
        var found: [[UInt8]] = []
        for entry in entries.map({ Substring($0) }) {
            guard !entry.isEmpty else { throw .malformedSignature }
            guard entry.hasPrefix(version) else { continue }
            guard let bytes = Base64.bytes(entry.dropFirst(version.count)), bytes.count == SHA256.byteCount else {
                throw .malformedSignature
            }
            guard !found.contains(bytes) else { throw .repeatedSignature }
            found.append(bytes)
        }
        guard !found.isEmpty else { throw .noKnownSignature }
        return found
    }
}
