/// A contract's limits for the length of a secret, and our limits if it has none.
public struct SecretBounds: Sendable {
    /// The length that avoids a warning if the contract sets no limit: the hexadecimal digits of 64 random bits.
    public static let advised = 16
    /// The maximum length if the contract sets no limit. It is no promise of a contract but room for every secret that
    /// fits in one header field.
    public static let longest = 4096

    /// The accepted lengths in characters, which are Unicode scalars.
    public let lengths: ClosedRange<Int>
    /// Whether the contract itself sets a minimum length.
    private let hasFloor: Bool

    /// The limits of a contract; without a minimum length, any secret that is not empty is accepted.
    public init(from shortest: Int? = nil, to longest: Int = Self.longest) {
        self.lengths = (shortest ?? 1)...longest
        self.hasFloor = shortest != nil
    }

    /// The limits of a contract in which an empty secret means none.
    public static func orEmpty(to longest: Int = Self.longest) -> SecretBounds {
        SecretBounds(lengths: 0...longest, hasFloor: false)
    }

    private init(lengths: ClosedRange<Int>, hasFloor: Bool) {
        self.lengths = lengths
        self.hasFloor = hasFloor
    }

    /// The faults of a secret; none without a secret.
    public func faults(in secret: Secret?) -> [ValidationError] {
        guard let secret, !lengths.contains(secret.revealed.unicodeScalars.count) else { return [] }
        let sentence = "secret takes \(lengths.lowerBound) to \(lengths.upperBound) characters"
        return [ValidationError(.outOfBounds, field: "secret", sentence)]
    }

    /// The warnings about an accepted secret; none without a secret.
    public func warnings(about secret: Secret?) -> [TermsWarning] {
        guard let secret else { return [] }
        if !secret.revealed.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) {
            return [TermsWarning("secret", "the secret is blank: it proves nothing")]
        }
        let length = secret.revealed.unicodeScalars.count
        guard !hasFloor, length < Self.advised else { return [] }
        return [
            TermsWarning(
                "secret",
                "the secret has \(length) characters, and the contract sets no bound: one of \(Self.advised) random "
                    + "characters or more cannot be guessed")
        ]
    }
}

/// A warning about allowed terms, for the caller that sets them.
public struct TermsWarning: Hashable, Sendable {
    /// The field of the native API.
    public let field: String
    /// The warning, without the value itself.
    public let sentence: String

    /// Joins the two.
    public init(_ field: String, _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }
}
