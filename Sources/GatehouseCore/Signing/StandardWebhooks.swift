internal import Crypto
internal import FoundationEssentials
public import HTTPTypes

/// Signs by Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`; the key is the bytes after `whsec_`, in
/// base64.
public struct StandardWebhooks: Sendable {
    /// The prefix of every secret.
    public static let prefix = "whsec_"
    /// The allowed length of a secret's key, in bytes.
    public static let keyBytes = 24...64

    private let key: SymmetricKey

    /// Reads a secret; nil if it is not `whsec_` and base64 of 24 to 64 bytes.
    ///
    /// Only one spelling of the base64 is accepted, RFC 4648 section 4 with its padding and no stray bits: a lenient
    /// reader here would accept what a strict one at the receiver could refuse.
    public init?(secret: Secret) {
        let text = secret.revealed.dropFirst(Self.prefix.count)
        guard secret.revealed.hasPrefix(Self.prefix), let bytes = Data(base64Encoded: String(text)),
            Self.keyBytes.contains(bytes.count), bytes.base64EncodedString() == text
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// Makes a secret of 32 random bytes.
    public static func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return Secret(prefix + Data(bytes).base64EncodedString())
    }

    /// The value of the header `webhook-signature` for one attempt: `v1,` and the signature in base64.
    public func signature(id: String, timestamp: String, body: [UInt8]) -> String {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: Array((id + "." + timestamp + ".").utf8))
        hmac.update(data: body)
        return "v1," + Data(hmac.finalize()).base64EncodedString()
    }

    /// The three header fields of one attempt, with the signature by this secret.
    public func fields(id: String, body: [UInt8], at now: Instant) -> [HTTPField] {
        let timestamp = String(now.seconds)
        return [
            HTTPField(name: .webhookID, value: id), HTTPField(name: .webhookTimestamp, value: timestamp),
            HTTPField(name: .webhookSignature, value: signature(id: id, timestamp: timestamp, body: body)),
        ]
    }
}

extension HTTPField.Name {
    /// The message's id, the same for every attempt (Standard Webhooks 1.0).
    public static let webhookID = name("webhook-id")
    /// When the attempt was signed, in seconds since 1970.
    public static let webhookTimestamp = name("webhook-timestamp")
    /// The signatures, separated by spaces.
    public static let webhookSignature = name("webhook-signature")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
