/// One piece of Swift as far as the tidy rules need to know it.
struct Token: Hashable {
    enum Sort: Hashable {
        /// A keyword, a name, a number; with its backticks off.
        case word
        /// One character of punctuation.
        case symbol
        /// What stands between a string's or a regular expression's marks, without the interpolated code.
        case literal
        /// What stands behind `//` or between `/*` and `*/`.
        case comment
    }

    let sort: Sort
    let text: String
    /// Where it begins, from 1.
    let line: Int
    /// Whether nothing, not even a blank, stands between it and the token before.
    let isAdjacent: Bool

    /// Whether it is code that says just this.
    func `is`(_ text: String) -> Bool { (sort == .word || sort == .symbol) && self.text == text }
}
