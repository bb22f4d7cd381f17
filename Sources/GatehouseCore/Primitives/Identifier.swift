/// The name of one thing, typed by what it names, so that a door's id never stands where a panel's is wanted.
///
/// Identifiers are text: the callers choose them, and vendors' integers are given by a table, not by us. They are
/// compared by their bytes.
public struct Identifier<Of>: Hashable, Sendable, CustomStringConvertible {
    /// The identifier as callers write it.
    @ExactText public private(set) var text: String

    /// Takes the text as it is; whether it is allowed is for ``IdentifierRule`` to say.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// Names an organization, unique in the store.
public typealias OrganizationID = Identifier<Organization>
/// Names a panel, unique in its organization.
public typealias PanelID = Identifier<Panel>
/// Names a door, unique in its organization.
public typealias DoorID = Identifier<Door>
/// Names a subscription, unique in the store.
public typealias SubscriptionID = Identifier<Subscription>
/// Names a key; stands in clear inside the credential, so it is no secret.
public typealias KeyID = Identifier<Key>

/// What callers may choose as an identifier: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ : -`, so that it needs no
/// escaping in a URL's path.
public enum IdentifierRule {
    /// The rule in words, for error messages.
    public static let sentence = "1 to 128 characters of letters, digits and . _ ~ : -"

    /// The rule as a regular expression, for those who write it down for programs.
    public static let pattern = "^[A-Za-z0-9._~:-]{1,128}$"

    /// Says whether a caller may use this text as an identifier.
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
