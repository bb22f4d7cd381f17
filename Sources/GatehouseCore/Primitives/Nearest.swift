/// Finds the known word that a caller probably meant.
public enum Nearest {
    /// The word with the fewest edits, if these are fewer than half of the letters; else nil.
    public static func word(to wanted: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(wanted.utf8.prefix(64))
        var best: (word: String, edits: Int)?
        for word in known {
            let edits = edits(wanted, Array(word.utf8.prefix(64)))
            if edits < best?.edits ?? max(2, wanted.count / 2) { best = (word, edits) }
        }
        return best?.word
    }

    /// The end of a sentence: `; did you mean "door.forced"?`, or a full stop.
    public static func hint(for wanted: String, among known: some Sequence<String>) -> String {
        word(to: wanted, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
    }

    /// The number of letters to insert, delete or change (Levenshtein distance).
    static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
