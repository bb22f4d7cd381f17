import Crypto
import Foundation
import GatehouseCore
import Testing

@testable import GatehouseServer

/// A token written by hand, with the faults and the signer that a test chooses.
struct Forgery {
    var header: JSONObject
    var claims: JSONObject
    /// The gateway's own key: its signature is genuine, except for the test's changes.
    let pair: P256.Signing.PrivateKey

    /// Reads a genuine token and takes the private key from the gateway's store.
    init(of token: String, in server: TestServer) async throws {
        let parts = try TokenParts(token)
        header = parts.header
        claims = parts.claims
        let stored = try #require(try await server.store.tokenKeys().last)
        pair = try P256.Signing.PrivateKey(pemRepresentation: stored.privateKey.revealed)
    }

    /// Header and claims, without a signature.
    var head: String {
        Base64URL.text(JSON.object(header).bytes) + "." + Base64URL.text(JSON.object(claims).bytes)
    }

    /// Signed with a key on P-256, by default the gateway's.
    func signed(by key: P256.Signing.PrivateKey? = nil) throws -> String {
        let signature = try (key ?? pair).signature(for: Data(head.utf8))
        return head + "." + Base64URL.text(signature.rawRepresentation)
    }

    /// Signed with a shared secret.
    func signed(with secret: some ContiguousBytes) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(head.utf8), using: SymmetricKey(data: secret))
        return head + "." + Base64URL.text(Data(code))
    }
}
