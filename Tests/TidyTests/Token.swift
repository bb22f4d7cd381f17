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
