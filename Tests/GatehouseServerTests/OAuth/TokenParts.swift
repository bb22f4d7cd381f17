import GatehouseCore
import Testing

@testable import GatehouseServer

/// The parts of a token (RFC 7515 section 7.1).
struct TokenParts {
    let header: JSONObject
    let claims: JSONObject
    let signature: [UInt8]
    /// The signed text.
    let signed: String

    init(_ token: String) throws {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        header = try Self.object(parts[0])
        claims = try Self.object(parts[1])
        signature = try #require(Base64URL.bytes(parts[2]))
        signed = "\(parts[0]).\(parts[1])"
    }

    /// The key that the token names as its signer.
    var key: String? { header["kid"]?.text }

    private static func object(_ part: Substring) throws -> JSONObject {
        let bytes = try #require(Base64URL.bytes(part))
        let value = try JSONParser.parse(bytes)
        return try #require(value.object)
    }
}
