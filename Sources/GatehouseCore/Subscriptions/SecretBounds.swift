/// What a contract says of the length of a secret, and what we say where it says nothing.
public struct SecretBounds: Sendable {
    /// From how many characters on no warning is given where the contract sets no bound: as many hexadecimal digits as
    /// 64 random bits have.
    public static let advised = 16
    /// The longest that is kept where the contract sets no bound. It is no promise of a contract but room for every
    /// secret that stands in one header field.
    public static let longest = 4096

    /// How many characters are taken. Characters are Unicode scalars.
    public let lengths: ClosedRange<Int>
    /// Whether the contract itself says how short a secret may be.
    private let hasFloor: Bool

    /// The bounds of a contract; where it does not say how short a secret may be, one that is not empty is taken.
    public init(from shortest: Int? = nil, to longest: Int = Self.longest) {
        self.lengths = (shortest ?? 1)...longest
        self.hasFloor = shortest != nil
    }

    /// Bounds of a contract in which an empty secret stands for none.
    public static func orEmpty(to longest: Int = Self.longest) -> SecretBounds {
        SecretBounds(lengths: 0...longest, hasFloor: false)
    }

    private init(lengths: ClosedRange<Int>, hasFloor: Bool) {
        self.lengths = lengths
        self.hasFloor = hasFloor
    }

    /// What is wrong with a secret; nothing where there is none.
    public func faults(in secret: Secret?) -> [ValidationError] {
        guard let secret, !lengths.contains(secret.revealed.unicodeScalars.count) else { return [] }
        let sentence = "secret takes \(lengths.lowerBound) to \(lengths.upperBound) characters"
        return [ValidationError(.outOfBounds, field: "secret", sentence)]
    }

    /// What is to be said of a secret that the contract takes; nothing where there is none.
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

/// A warning about terms that are allowed, for the caller that sets them.
public struct TermsWarning: Hashable, Sendable {
    /// The field of the native API that it is about.
    public let field: String
    /// What the matter is, without the value itself.
    public let sentence: String

    /// Joins the two.
    public init(_ field: String, _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }
}
