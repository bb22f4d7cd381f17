/// The words of a statement, by which two spellings of one statement are the same: how many blanks and comments stand
/// between them, in which case they are written and whether a plain name is in quotes does not matter.
///
/// The terms and the condition of an index stand in its statement alone: no pragma tells them.
enum SQLWords {
    /// The words, each name in small letters and each text as it stands.
    static func words(of statement: String) -> [String] {
        var words: [String] = []
        var rest = Substring(statement)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                rest = rest.drop { $0 != "\n" }
            } else if rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.hasPrefix("*/") { rest.removeFirst() }
                rest = rest.dropFirst(2)
            } else if let end = closing[first] {
                words.append(quoted(&rest, until: end))
            } else if isOfName(first) {
                let name = rest.prefix(while: isOfName)
                words.append(name.lowercased())
                rest = rest.dropFirst(name.count)
            } else {
                words.append(String(rest.removeFirst()))
            }
        }
        return words
    }

    /// How each sort of quotes ends.
    private static let closing: [Character: Character] = ["'": "'", "\"": "\"", "`": "`", "[": "]"]

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
    }

    /// Takes what is in quotes from the front. A name that needs none is the name without them.
    private static func quoted(_ rest: inout Substring, until end: Character) -> String {
        let isText = rest.removeFirst() == "'"
        var inner = ""
        while let next = rest.popFirst() {
            if next == end {
                // Twice, it stands for itself.
                guard end != "]", rest.first == end else { break }
                rest.removeFirst()
            }
            inner.append(next)
        }
        if isText { return "'" + inner.replacing("'", with: "''") + "'" }
        let isPlain = !inner.isEmpty && inner.allSatisfy(isOfName)
        return isPlain ? inner.lowercased() : "\"" + inner.lowercased() + "\""
    }
}
