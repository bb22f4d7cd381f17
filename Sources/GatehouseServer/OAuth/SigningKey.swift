internal import Crypto
internal import FoundationEssentials
internal import GatehouseCore

/// A token key ready for use: it signs, verifies, and shows its public half. Its name and the one algorithm that it is
/// for stand in every token's header.
struct SigningKey: Sendable {
    /// ECDSA over P-256 with SHA-256 (RFC 7518 section 3.4): the shortest signatures that every client's library has.
    static let algorithm = "ES256"

    /// How long a key signs; then the next token is signed by a new one.
    static let signs: Duration = .seconds(24 * 3600)
    /// How long a key is kept and published: twice as long as it signs, so that whoever fetched the key set a day ago
    /// is right still, and ten minutes for the last tokens and for clocks that differ.
    static let kept: Duration = .seconds(48 * 3600 + 600)

    /// Its name, `kid`.
    let id: TokenKeyID
    /// When it was made.
    let created: Instant
    private let pair: P256.Signing.PrivateKey

    /// Readies what the store has. - Throws: ``StoreError/corrupt(_:)`` where it is no private key of P-256.
    init(_ stored: TokenKey) throws(StoreError) {
        do {
            self.pair = try P256.Signing.PrivateKey(pemRepresentation: stored.privateKey.revealed)
        } catch {
            throw .corrupt("a token key is no private key of P-256")
        }
        self.id = stored.id
        self.created = stored.created
    }

    /// A new key for the store, its name of 128 random bits.
    static func made(at now: Instant) -> TokenKey {
        TokenKey(
            id: TokenKeyID(RandomName.text()), privateKey: Secret(P256.Signing.PrivateKey().pemRepresentation),
            created: now)
    }

    /// Whether it signs. A key of another gateway whose clock is ahead does; one from a far future does not, else it
    /// would sign for as long as that is away.
    func signs(at now: Instant) -> Bool {
        let age = now - created
        return age < Self.signs && age > .zero - Self.signs
    }

    /// Whether it still verifies and is published.
    func isKept(at now: Instant) -> Bool { now - created <= Self.kept }

    /// Signs claims as a compact token (RFC 7515 section 7.1), by two integers of 256 bits (RFC 7518 section 3.4).
    func sign(_ claims: TokenClaims) throws -> String {
        let header: JSON = ["alg": .string(Self.algorithm), "kid": .string(id.text), "typ": "JWT"]
        let signed = Base64URL.text(header.compact.utf8) + "." + Base64URL.text(claims.json.compact.utf8)
        let signature = try pair.signature(for: Data(signed.utf8))
        return signed + "." + Base64URL.text(signature.rawRepresentation)
    }

    /// What a token claims; nil where the signature is not this key's. Neither the header nor the claims are judged
    /// here: ``TokenHeader`` has read the one, ``TokenClaims/isValid(at:issuer:)`` judges the others.
    func claims(signedIn token: String) -> TokenClaims? {
        guard let end = token.lastIndex(of: "."), let bytes = Base64URL.bytes(token[token.index(after: end)...]),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: bytes),
            pair.publicKey.isValidSignature(signature, for: Data(token[..<end].utf8)),
            let begin = token.firstIndex(of: "."), begin < end,
            let claims = Base64URL.bytes(token[token.index(after: begin)..<end])
        else { return nil }
        return (try? JSONParser.parse(claims)).flatMap(TokenClaims.init)
    }

    /// The public half as a JSON Web Key (RFC 7518 section 6.2.1).
    var published: JSON {
        let point = pair.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "x": .string(Base64URL.text(point.prefix(32))),
            "y": .string(Base64URL.text(point.suffix(32))), "kid": .string(id.text), "alg": .string(Self.algorithm),
            "use": "sig",
        ]
    }
}

/// What a token of ours says, each claim by its name in RFC 7519 section 4.1.
struct TokenClaims: Hashable, Sendable {
    /// The gateway that issued it.
    let iss: String
    /// The key that it stands for.
    let sub: String
    /// The client that it was issued to, which is that key.
    let aud: String
    /// When it was issued, in seconds since 1970.
    let iat: Int64
    /// When it ends, in seconds since 1970.
    let exp: Int64
    /// A name of its own.
    let jti: String

    /// The claims as they stand in a token.
    var json: JSON {
        [
            "iss": .string(iss), "sub": .string(sub), "aud": .string(aud), "iat": .integer(iat), "exp": .integer(exp),
            "jti": .string(jti),
        ]
    }

    /// Whether it holds at an instant, by the issuer where one is named.
    func isValid(at now: Instant, issuer: String?) -> Bool {
        now.seconds < exp && iat <= now.seconds + Self.skew.components.seconds && sub == aud && iss == issuer ?? iss
    }

    /// How far ahead the clock of the gateway that issued it may be.
    static let skew: Duration = .seconds(60)
}

extension TokenClaims {
    /// Reads a token's claims; nil where one is missing or of another sort.
    init?(_ json: JSON) {
        guard let iss = json["iss"]?.text, let sub = json["sub"]?.text, let aud = json["aud"]?.text,
            let iat = json["iat"]?.integer, let exp = json["exp"]?.integer, let jti = json["jti"]?.text
        else { return nil }
        self.init(iss: iss, sub: sub, aud: aud, iat: iat, exp: exp, jti: jti)
    }
}

/// Names for keys and tokens that nobody guesses and that never meet.
enum RandomName {
    /// 128 random bits in hexadecimal.
    static func text() -> String {
        var random = SystemRandomNumberGenerator()
        return Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
