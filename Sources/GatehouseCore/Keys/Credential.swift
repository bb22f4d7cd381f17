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

    /// The identifier inside a presented credential; nil where it has not our form.
    public static func keyID(in presented: String) -> KeyID? {
        let parts = presented.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "gk", !parts[1].isEmpty else { return nil }
        return KeyID("key_" + parts[1])
    }

    /// The whole credential of a key and the secret part alone; nil where the key's identifier has not our form.
    public static func text(of id: KeyID, secret: String) -> String? {
        guard id.text.hasPrefix("key_") else { return nil }
        return "gk_" + id.text.dropFirst("key_".count) + "_" + secret
    }

    /// The hash under which a credential is stored and compared. A plain hash suffices: there are 256 bits to guess.
    public static func hash(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// The hashes under which a password is compared that came as its MD5: of the whole text, then of its secret part.
    ///
    /// MD5 gives nothing away here: what is hashed has 256 random bits.
    public static func login(_ text: String) -> [UInt8] {
        let secret = text.split(separator: "_").last.map(String.init) ?? text
        return [text, secret].flatMap { hash(Hex.text(Insecure.MD5.hash(data: Array($0.utf8)))) }
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
