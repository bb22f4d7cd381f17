internal import FoundationEssentials
internal import GatehouseCore

/// Base64 for URLs without padding (RFC 4648 section 5), the form of tokens and key sets.
enum Base64URL {
    /// The decoded bytes; nil for every spelling except the one that ``text(_:)`` writes. So a token has only one
    /// spelling, and its unused bits cannot be changed.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard) else { return nil }
        let bytes = [UInt8](data)
        return self.text(bytes) == text ? bytes : nil
    }

    /// The only accepted spelling.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        text(standard: Data(bytes).base64EncodedString())
    }

    /// The spelling of text that is in plain base64.
    static func text(standard: String) -> String {
        standard.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
