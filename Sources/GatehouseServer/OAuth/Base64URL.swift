internal import FoundationEssentials
internal import GatehouseCore

/// Base64 for URLs without padding (RFC 4648 section 5), as tokens and key sets are written in it.
enum Base64URL {
    /// The bytes that are meant; nil for every spelling but the one that ``text(_:)`` would write, so that a token has
    /// one spelling alone and none can be altered in the bits that nobody reads.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard) else { return nil }
        let bytes = [UInt8](data)
        return self.text(bytes) == text ? bytes : nil
    }

    /// The one spelling.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        text(standard: Data(bytes).base64EncodedString())
    }

    /// The spelling of what is in plain base64 already.
    static func text(standard: String) -> String {
        standard.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
