/// The words of a statement, for comparing two spellings of it: blanks, comments, upper and lower case, and quotes
/// around plain names do not matter.
///
/// The terms and the condition of an index are only in its statement: no pragma has them.
enum SQLWords {
    /// The words: each name in lower case, each text unchanged.
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

    /// The end of each sort of quotes.
    private static let closing: [Character: Character] = ["'": "'", "\"": "\"", "`": "`", "[": "]"]

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
    }

    /// Takes a quoted part from the front. A name that needs no quotes is returned without them.
    private static func quoted(_ rest: inout Substring, until end: Character) -> String {
        let isText = rest.removeFirst() == "'"
        var inner = ""
        while let next = rest.popFirst() {
            if next == end {
                // A doubled quote is one quote.
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
