/// The identifier of one thing, typed by the thing, so that a door's id cannot be used in place of a panel's.
///
/// Identifiers are text: callers choose them, and a table gives vendors' integers. They are compared by their bytes.
public struct Identifier<Of>: Hashable, Sendable, CustomStringConvertible {
    /// The identifier in the callers' spelling.
    @ExactText public private(set) var text: String

    /// Wraps any text; ``IdentifierRule`` says whether it is allowed.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// The identifier of an organization, unique in the store.
public typealias OrganizationID = Identifier<Organization>
/// The identifier of a panel, unique in its organization.
public typealias PanelID = Identifier<Panel>
/// The identifier of a door, unique in its organization.
public typealias DoorID = Identifier<Door>
/// The identifier of a subscription, unique in the store.
public typealias SubscriptionID = Identifier<Subscription>
/// The identifier of a key; it is a readable part of the credential, so it is no secret.
public typealias KeyID = Identifier<Key>

/// The identifiers that callers may choose: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ : -`, so that they need no escape
/// in a URL's path.
public enum IdentifierRule {
    /// The rule in words, for error messages.
    public static let sentence = "1 to 128 characters of letters, digits and . _ ~ : -"

    /// The rule as a regular expression, for machine-readable descriptions.
    public static let pattern = "^[A-Za-z0-9._~:-]{1,128}$"

    /// Whether a caller may use this text as an identifier.
    public static func allows(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...128).contains(bytes.count) && bytes.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: ":"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
