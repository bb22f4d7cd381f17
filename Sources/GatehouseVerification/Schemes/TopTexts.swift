/// The texts at the top level of a JSON object, read so that a repeated key is noticed: two readers could take two
/// different values.
struct TopTexts {
    private var values: [(key: String, text: String?)] = []
    private let bytes: [UInt8]
    private var place = 0

    /// Reads an object. Nested values are skipped.
    ///
    /// - Throws: ``VerificationError/malformedBody``.
    init(in body: [UInt8]) throws(VerificationError) {
        self.bytes = body
        try take("{")
        if next() != UInt8(ascii: "}") {
            try readMember()
            while next() == UInt8(ascii: ",") {
                place += 1
                try readMember()
            }
        }
        try take("}")
        guard next() == nil else { throw .malformedBody }
    }

    /// The text of a key that must occur exactly once.
    func only(_ key: String) throws(VerificationError) -> String {
        let found = values.filter { $0.key == key }
        guard let first = found.first else { throw .missingField(key) }
        guard found.count == 1 else { throw .repeatedField(key) }
        guard let text = first.text else { throw .malformedBody }
        return text
    }

    private mutating func readMember() throws(VerificationError) {
        guard next() == UInt8(ascii: "\""), let key = try text() else { throw .malformedBody }
        try take(":")
        if next() == UInt8(ascii: "\"") {
            values.append((key, try text()))
        } else {
            try passOver()
            values.append((key, nil))
        }
    }

    /// The next byte that is not blank.
    private mutating func next() -> UInt8? {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    private mutating func take(_ mark: Unicode.Scalar) throws(VerificationError) {
        guard next() == UInt8(ascii: mark) else { throw .malformedBody }
        place += 1
    }

    /// A text without its quotes; nil if it has an escape. No sender escapes the keys and values that are read here,
    /// and an escaped key might be one of these keys in another spelling.
    private mutating func text() throws(VerificationError) -> String? {
        place += 1
        let start = place
        var isPlain = true
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\") {
                isPlain = false
                place += 1
            }
            place += 1
        }
        guard place < bytes.count else { throw .malformedBody }
        let text = String(validating: bytes[start..<place], as: UTF8.self)
        place += 1
        guard let text else { throw .malformedBody }
        return isPlain ? text : nil
    }

    /// Skips a value that is not a text.
    private mutating func passOver() throws(VerificationError) {
        let start = place
        var depth = 0
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): _ = try text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if depth == 0 {
                    guard place > start else { throw .malformedBody }
                    return
                }
                if byte != UInt8(ascii: ",") { depth -= 1 }
                place += 1
            default: place += 1
            }
        }
        throw .malformedBody
    }
}
