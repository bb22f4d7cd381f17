import GatehouseCore
import Testing

@testable import GatehouseServer

/// A token taken apart, as RFC 7515 section 7.1 puts it together.
struct TokenParts {
    let header: JSONObject
    let claims: JSONObject
    let signature: [UInt8]
    /// What the signature is over.
    let signed: String

    init(_ token: String) throws {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        header = try Self.object(parts[0])
        claims = try Self.object(parts[1])
        signature = try #require(Base64URL.bytes(parts[2]))
        signed = "\(parts[0]).\(parts[1])"
    }

    /// The key that is said to have signed it.
    var key: String? { header["kid"]?.text }

    private static func object(_ part: Substring) throws -> JSONObject {
        let bytes = try #require(Base64URL.bytes(part))
        let value = try JSONParser.parse(bytes)
        return try #require(value.object)
    }
}
