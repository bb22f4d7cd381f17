/// The content of a block's field, and its privacy class.
public struct FieldRule: Sendable {
    /// The allowed content of the field. `null` is never allowed: an unknown field is omitted.
    public enum Content: Sendable {
        /// Text of at most so many characters.
        case text(Int)
        /// A whole number.
        case integer
        /// Any number.
        case number
        /// True or false.
        case boolean
        /// Text or an integer: vendors write card numbers both ways.
        case code
        /// One of these words.
        case word([String])
        /// Any value, kept whole.
        case free
    }

    /// The field's name.
    public let name: String
    /// Its allowed content.
    public let content: Content
    /// Its privacy class.
    let privacy: FieldClass

    /// The maximum length of a code, in characters. A character is a Unicode scalar, here and everywhere: a grapheme
    /// cluster may have any number of bytes.
    public static let longestCode = 256

    init(_ name: String, _ content: Content, _ privacy: FieldClass = .open) {
        self.name = name
        self.content = content
        self.privacy = privacy
    }

    /// What a valid value would be; nil if the value is valid.
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

/// The shape of a block.
public enum BlockShape: Sendable {
    /// The identifier of a panel or a door in the directory.
    case identifier
    /// One word.
    case word([String])
    /// These fields and no others.
    case fields([FieldRule])
    /// These fields and any others; an unknown field counts as personal.
    case open([FieldRule])
}
