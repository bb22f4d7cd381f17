internal import GatehouseCore
internal import JWTKit

/// A token key ready for use: it signs, verifies, and shows its public key. Every token's header has its name and its
/// algorithm.
struct SigningKey: Sendable {
    /// ECDSA over P-256 with SHA-256 (RFC 7518 section 3.4): the shortest signatures that every client's library
    /// supports.
    static let algorithm = "ES256"

    /// How long a key signs; then the next token is signed by a new one.
    static let signs: Duration = .seconds(24 * 3600)
    /// How long a key is kept and published: twice the time that it signs, so that a client with a key set of yesterday
    /// still verifies its tokens, and ten minutes more for the last tokens and for clocks that differ.
    static let kept: Duration = .seconds(48 * 3600 + 600)

    /// Its name, `kid`.
    let id: TokenKeyID
    /// When it was made.
    let created: Instant
    private let pair: ES256PrivateKey
    /// Holds only this key: from several keys JWTKit takes another one if the name is not known.
    private let collection: JWTKeyCollection

    /// Prepares a stored key. - Throws: ``StoreError/corrupt(_:)`` if it is not a private key of P-256.
    init(_ stored: TokenKey) async throws(StoreError) {
        do {
            self.pair = try ES256PrivateKey(pem: stored.privateKey.revealed)
        } catch {
            throw .corrupt("a token key is no private key of P-256")
        }
        self.id = stored.id
        self.created = stored.created
        self.collection = JWTKeyCollection()
        await collection.add(ecdsa: pair, kid: JWKIdentifier(string: stored.id.text))
    }

    /// A new key for the store; its name has 128 random bits.
    static func made(at now: Instant) -> TokenKey {
        TokenKey(
            id: TokenKeyID(RandomName.text()), privateKey: Secret(ES256PrivateKey().pemRepresentation), created: now)
    }

    /// Whether it signs. A key of a gateway whose clock is a little ahead does. A key from the far future does not,
    /// because it would sign until that time.
    func signs(at now: Instant) -> Bool {
        let age = now - created
        return age < Self.signs && age > .zero - Self.signs
    }

    /// Whether it still verifies and is published.
    func isKept(at now: Instant) -> Bool { now - created <= Self.kept }

    /// Signs claims as a compact token (RFC 7515 section 7.1).
    func sign(_ claims: TokenClaims) async throws -> String {
        try await collection.sign(claims, kid: JWKIdentifier(string: id.text))
    }

    /// The claims of a token; nil if the signature is not this key's. It does not check the claims.
    func claims(signedIn token: String) async -> TokenClaims? {
        try? await collection.verify(token, as: TokenClaims.self)
    }

    /// The public key as a JSON Web Key (RFC 7518 section 6.2.1).
    var published: JSON? {
        guard let point = pair.publicKey.parameters else { return nil }
        return [
            "kty": "EC", "crv": "P-256", "x": .string(Base64URL.text(standard: point.x)),
            "y": .string(Base64URL.text(standard: point.y)), "kid": .string(id.text), "alg": .string(Self.algorithm),
            "use": "sig",
        ]
    }
}

/// The claims of our tokens, with their names of RFC 7519 section 4.1.
struct TokenClaims: JWTPayload {
    /// The gateway that issued it.
    let iss: String
    /// The key that it is for.
    let sub: String
    /// The client that it was issued to: the same key.
    let aud: String
    /// When it was issued, in seconds since 1970.
    let iat: Int64
    /// When it ends, in seconds since 1970.
    let exp: Int64
    /// A unique name.
    let jti: String

    /// Checks nothing: JWTKit calls it with the system's clock only; ``isValid(at:issuer:)`` checks with our clock.
    func verify(using _: some JWTAlgorithm) async throws {}

    /// Whether it is valid at an instant, and has the issuer if one is given.
    func isValid(at now: Instant, issuer: String?) -> Bool {
        now.seconds < exp && iat <= now.seconds + Self.skew.components.seconds && sub == aud && iss == issuer ?? iss
    }

    /// How far ahead the clock of the gateway that issued it may be.
    static let skew: Duration = .seconds(60)
}

/// Names for keys and tokens that cannot be guessed and never collide.
enum RandomName {
    /// 128 random bits in hexadecimal.
    static func text() -> String {
        var random = SystemRandomNumberGenerator()
        return Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
