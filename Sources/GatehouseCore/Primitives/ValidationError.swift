/// A fault in a caller's request: a stable code, the field, and a sentence that says what to do.
///
/// Its sentence may be shown to every client: it never contains a secret, a URL with a token, or SQL.
public struct ValidationError: Error, Hashable, Sendable {
    /// The codes, each the stable last part of a problem's `type`.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case malformed
        case missingField = "missing-field"
        case unknownField = "unknown-field"
        case wrongType = "wrong-type"
        case outOfBounds = "out-of-bounds"
        case maskedValue = "masked-value"
        case unknownKind = "unknown-kind"
        case unknownOrganization = "unknown-organization"
        case unknownPanel = "unknown-panel"
        case unknownDoor = "unknown-door"
        case misplacedBlock = "misplaced-block"
        case contradiction
        case ambiguous
        case conflict
        case forbidden
        case forbiddenTarget = "forbidden-target"
        case notBuilt = "not-built"
        case notFound = "not-found"
        case tooLarge = "too-large"
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
