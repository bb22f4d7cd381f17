import Crypto

/// The text that proves a key, `gk_<id>_<secret>`: shown once, then known only to its holder.
public struct Credential: Sendable {
    /// The whole text, a secret.
    public let text: String
    /// The public part, which identifies the key.
    public let id: KeyID

    /// Makes a credential of 256 random bits.
    public init(using random: inout some RandomNumberGenerator) {
        let name = Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let secret = Hex.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        self.id = KeyID("key_" + name)
        self.text = "gk_" + name + "_" + secret
    }

    /// The credential in a text: exactly `gk_`, 16 hexadecimal digits, `_` and 64 more, all in lower case; nil for
    /// anything else.
    ///
    /// A text in any other form is never split: an operator's own text may contain any number of `_`, and its last part
    /// may be short.
    public init?(spelled text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("gk".utf8), Self.isHex(parts[1], Self.nameDigits),
            Self.isHex(parts[2], Self.secretDigits)
        else { return nil }
        self.text = text
        self.id = KeyID("key_" + String(Substring(parts[1])))
    }

    /// The identifier inside a presented credential; nil if it does not have our form.
    public static func keyID(in presented: String) -> KeyID? { Credential(spelled: presented)?.id }

    /// The whole credential of a key, from its id and its secret part; nil if one of them does not have the form of the
    /// gateway's keys.
    public static func text(of id: KeyID, secret: String) -> String? {
        guard id.text.utf8.starts(with: "key_".utf8) else { return nil }
        return Credential(spelled: "gk_" + id.text.dropFirst("key_".count) + "_" + secret)?.text
    }

    /// Only the secret part: 64 hexadecimal digits.
    public var secret: String { String(text.suffix(Self.secretDigits)) }

    /// The number of digits of the public part: 64 bits.
    private static let nameDigits = 16
    /// The number of digits of the secret part: 256 bits.
    private static let secretDigits = 64

    private static func isHex(_ bytes: Substring.UTF8View, _ digits: Int) -> Bool {
        bytes.count == digits
            && bytes.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// The hash for storing and comparing a credential. A plain hash suffices: there are 256 bits to guess.
    public static func hash(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// The hashes for comparing a password that arrives as its MD5: of the whole text, then of its secret part.
    ///
    /// MD5 reveals nothing here, because the hashed text has 256 random bits. So only a generated credential has such
    /// hashes, and no text that a person chose.
    public var md5Digests: [UInt8] {
        [text, secret].flatMap { Self.hash(Hex.text(Insecure.MD5.hash(data: Array($0.utf8)))) }
    }
}

/// Compares secrets in a time that depends only on their lengths, so that the delay of an answer reveals nothing.
public enum ConstantTime {
    /// Whether two byte strings are equal; their lengths may differ and are no secret.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}
