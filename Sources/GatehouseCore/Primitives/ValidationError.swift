/// A fault in a caller's request: a stable code, the field, and a sentence that says what to do.
///
/// Its sentence may be shown to every client: it never contains a secret, a URL with a token, or SQL.
public struct ValidationError: Error, Hashable, Sendable {
    /// The codes, each the stable last part of a problem's `type`.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The body, or a text in it, cannot be parsed.
        case malformed
        /// A required field is missing.
        case missingField = "missing-field"
        /// There is no field of that name.
        case unknownField = "unknown-field"
        /// A field has a value of another JSON type.
        case wrongType = "wrong-type"
        /// A value is outside the accepted ones.
        case outOfBounds = "out-of-bounds"
        /// A value is the mask that stands for a secret in answers.
        case maskedValue = "masked-value"
        /// The catalogue has no kind of that name.
        case unknownKind = "unknown-kind"
        /// The directory has no such organization, or the key does not reach it.
        case unknownOrganization = "unknown-organization"
        /// The organization has no such panel.
        case unknownPanel = "unknown-panel"
        /// The organization has no such door, or it is at another panel.
        case unknownDoor = "unknown-door"
        /// An event of that kind has no such block.
        case misplacedBlock = "misplaced-block"
        /// Two fields say different things.
        case contradiction
        /// A name stands for several things, or stands there twice.
        case ambiguous
        /// The present state of the thing, or of another one, forbids the request.
        case conflict
        /// The key may not do that.
        case forbidden
        /// The rules of egress forbid the URL.
        case forbiddenTarget = "forbidden-target"
        /// The gateway does not have that feature yet.
        case notBuilt = "not-built"
        /// The thing does not exist, or the key does not reach it.
        case notFound = "not-found"
        /// The body, or a part of it, is larger than its bound.
        case tooLarge = "too-large"
        /// The media type or the content coding of the body is not accepted.
        case unsupportedMedia = "unsupported-media"
    }

    /// The code of the fault.
    public let code: Code
    /// The path of the field at fault, such as `data.person.email`; nil if the whole is at fault.
    public let field: String?
    /// What is wrong and what would be valid.
    public let sentence: String
    /// The place in the batch, from 0, if the caller sent several.
    public let index: Int?

    /// Describes one fault.
    public init(_ code: Code, field: String? = nil, _ sentence: String, index: Int? = nil) {
        self.code = code
        self.field = field
        self.sentence = sentence
        self.index = index
    }

    /// The fault with its place in a batch.
    public func at(index: Int) -> ValidationError {
        ValidationError(code, field: field, sentence, index: index)
    }

    /// The fault with its field inside another one.
    public func within(_ outer: String) -> ValidationError {
        ValidationError(code, field: field.map { "\(outer).\($0)" } ?? outer, sentence, index: index)
    }
}
