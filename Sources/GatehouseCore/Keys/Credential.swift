import Crypto

/// The text that proves a key, `gk_<id>_<secret>`: shown once, then known to its holder alone.
public struct Credential: Sendable {
    /// The whole text, a secret.
    public let text: String
    /// The public half, by which the key is found.
    public let id: KeyID

    /// Makes a credential of 256 random bits.
    public init(using random: inout some RandomNumberGenerator) {
        let name = Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let secret = Hex.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        self.id = KeyID("key_" + name)
        self.text = "gk_" + name + "_" + secret
    }

    /// The credential that a text spells: `gk_`, 16 hexadecimal digits, `_` and 64 more, all in lower case, and not a
    /// byte beside them; nil for anything else.
    ///
    /// What has not this form is never taken apart: a text of the operator's own may have any number of `_` in it, and
    /// what stands behind the last of them may be short.
    public init?(spelled text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("gk".utf8), Self.isHex(parts[1], Self.nameDigits),
            Self.isHex(parts[2], Self.secretDigits)
        else { return nil }
        self.text = text
        self.id = KeyID("key_" + String(Substring(parts[1])))
    }

    /// The identifier inside a presented credential; nil where it has not our form.
    public static func keyID(in presented: String) -> KeyID? { Credential(spelled: presented)?.id }

    /// The whole credential of a key and the secret part alone; nil where one of them has not the form that the
    /// gateway gives its keys.
    public static func text(of id: KeyID, secret: String) -> String? {
        guard id.text.utf8.starts(with: "key_".utf8) else { return nil }
        return Credential(spelled: "gk_" + id.text.dropFirst("key_".count) + "_" + secret)?.text
    }

    /// The secret part alone: 64 hexadecimal digits.
    public var secret: String { String(text.suffix(Self.secretDigits)) }

    /// How many digits the public half has: 64 bits.
    private static let nameDigits = 16
    /// How many digits the secret part has: 256 bits.
    private static let secretDigits = 64

    private static func isHex(_ bytes: Substring.UTF8View, _ digits: Int) -> Bool {
        bytes.count == digits
            && bytes.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// The hash under which a credential is stored and compared. A plain hash suffices: there are 256 bits to guess.
    public static func hash(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// The hashes under which a password is compared that came as its MD5: of the whole text, then of its secret part.
    ///
    /// MD5 gives nothing away here, because what is hashed has 256 random bits. That is why a credential alone has such
    /// hashes, and no text that somebody chose.
    public var md5Digests: [UInt8] {
        [text, secret].flatMap { Self.hash(Hex.text(Insecure.MD5.hash(data: Array($0.utf8)))) }
    }
}

/// Compares secrets in a time that depends on their lengths alone, so that an answer's delay tells nothing of them.
public enum ConstantTime {
    /// Says whether two byte strings are equal; lengths may differ and are no secret.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}
