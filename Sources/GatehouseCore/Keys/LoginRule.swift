/// The allowed login names of a key: 1 to 64 characters of `A-Z a-z 0-9 . _ @ -`, and no key's id.
///
/// Such a name needs no escape in a query, in HTTP Basic and in a body, and two names that look the same have the same
/// bytes.
public enum LoginRule {
    /// The rule in words, for error messages.
    public static let sentence = "1 to 64 characters of letters, digits and . _ @ -, and does not begin with key_"

    /// The rule as a regular expression, for machine-readable descriptions.
    public static let pattern = "^(?!key_)[A-Za-z0-9._@-]{1,64}$"

    /// Whether a key may have this login name. A name that begins like an id could be confused with another key's id.
    public static func allows(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...64).contains(bytes.count) && bytes.allSatisfy(isAllowed) && !bytes.starts(with: "key_".utf8)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"),
            UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
