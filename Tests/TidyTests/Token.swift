/// One piece of Swift, as far as the tidy rules need it.
struct Token: Hashable {
    enum Sort: Hashable {
        /// A keyword, a name, a number; with its backticks off.
        case word
        /// One character of punctuation.
        case symbol
        /// The text between the marks of a string or a regular expression, without interpolated code.
        case literal
        /// The text after `//` or between `/*` and `*/`.
        case comment
    }

    let sort: Sort
    let text: String
    /// Where it begins, from 1.
    let line: Int
    /// Whether it follows the previous token without any character between, not even a blank.
    let isAdjacent: Bool

    /// Whether it is code with exactly this text.
    func `is`(_ text: String) -> Bool { (sort == .word || sort == .symbol) && self.text == text }
}

extension [Token] {
    /// Whether a `var` begins at a place and keeps its value: one that is not computed.
    func hasStoredVariable(at place: Int) -> Bool {
        guard place < count, self[place].is("var") else { return false }
        for token in self[place...] {
            if token.is("=") { return true }
            if token.is("{") { return false }
            if token.line > self[place].line + 2 { return false }
        }
        return false
    }
}
