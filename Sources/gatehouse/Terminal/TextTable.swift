/// Rows of text under headings, aligned, and cut to the width of a line.
struct TextTable {
    private let headings: [String]
    private var rows: [[String]] = []

    /// The narrowest that a column is cut to.
    static let narrowest = 6
    private static let gap = "  "

    /// A table without rows yet.
    init(_ headings: [String]) {
        self.headings = headings
    }

    /// Adds a row; missing cells are empty, extra cells are left out.
    mutating func add(_ row: [String]) {
        let cells = row.prefix(headings.count).map(Self.printable)
        rows.append(cells + Array(repeating: "", count: headings.count - cells.count))
    }

    /// The table as text; every line ends with a line feed. Nothing is cut if `width` is nil.
    func text(width: Int?) -> String {
        let widths = widths(within: width)
        return ([headings] + rows).map { line($0, widths) + "\n" }.joined()
    }

    /// Text that is safe to print in a terminal: characters that move the cursor or break the line become dots.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "·"
                    default: scalar
                    }
                }))
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let columns = zip(cells, widths).map { cell, width in
            let cut = cell.count > width ? cell.prefix(max(0, width - 1)) + "…" : cell[...]
            return cut + String(repeating: " ", count: width - cut.count)
        }
        let line = columns.joined(separator: Self.gap)
        return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }

    /// The width of each column; the widest are cut first until the line fits.
    private func widths(within limit: Int?) -> [Int] {
        var widths = headings.indices.map { column in
            ([headings] + rows).map { $0[column].count }.max() ?? 0
        }
        guard let limit else { return widths }
        let gaps = Self.gap.count * max(0, widths.count - 1)
        var excess = widths.reduce(gaps, +) - limit
        while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
