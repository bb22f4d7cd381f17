/// What a field of a block may hold, and who may see it.
public struct FieldRule: Sendable {
    /// What may stand in the field. `null` is never one of them: a field that is not known is left out.
    public enum Content: Sendable {
        /// Text of at most so many characters.
        case text(Int)
        /// A whole number.
        case integer
        /// Any number.
        case number
        case boolean
        /// Text or a whole number: vendors write card numbers either way.
        case code
        /// One of these words.
        case word([String])
        /// Anything: kept whole.
        case free
    }

    /// The field's name.
    public let name: String
    /// What it may hold.
    public let content: Content
    /// How much it gives away.
    let privacy: FieldClass

    /// How many characters a code has at most. Characters are counted as scalars, here and everywhere: one that people
    /// see may be any number of bytes long.
    public static let longestCode = 256

    init(_ name: String, _ content: Content, _ privacy: FieldClass = .open) {
        self.name = name
        self.content = content
        self.privacy = privacy
    }

    /// What would be right, where the value is not; nil where it is.
    func complaint(_ value: JSON) -> String? {
        switch (content, value) {
        case (.text(let longest), .string(let text)):
            text.unicodeScalars.count <= longest ? nil : "takes at most \(longest) characters"
        case (.text, _): "takes text"
        case (.integer, _): value.integer == nil ? "takes a whole number" : nil
        case (.number, .number), (.boolean, .bool), (.free, _): nil
        case (.number, _): "takes a number"
        case (.boolean, _): "takes true or false"
        case (.code, .string(let text)):
            text.unicodeScalars.count <= Self.longestCode ? nil : "takes at most \(Self.longestCode) characters"
        case (.code, _): value.integer == nil ? "takes text or a whole number" : nil
        case (.word(let words), .string(let text)) where words.contains(text): nil
        case (.word(let words), _): "takes one of: \(words.joined(separator: ", "))"
        }
    }
}

/// What a block looks like.
public enum BlockShape: Sendable {
    /// The identifier of something in the directory.
    case identifier
    /// One word.
    case word([String])
    /// These fields and no others.
    case fields([FieldRule])
    /// These fields, and others as they come; what is not known counts as personal.
    case open([FieldRule])
}
