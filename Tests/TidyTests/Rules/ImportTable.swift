/// The table of modules in ARCHITECTURE.md, "may import", compared with the imports of the modules: a change of the one
/// needs a change of the other.
struct ImportTable {
    /// One row: a module, and what it may import.
    private struct Row {
        let room: String
        let line: Int
        /// The names in the cell.
        let names: [String]
    }

    private let page: SourceFile
    private let rows: [Row]
    /// What every module may import, by the sentence below the table.
    private let common: Set<String>

    init(in page: SourceFile) {
        self.page = page
        let head = page.lines.firstIndex { $0.hasPrefix("| room | is for | may import") } ?? page.lines.endIndex
        let table = page.lines[head...].dropFirst(2).prefix { $0.hasPrefix("|") }
        rows = zip(table.indices, table).compactMap { place, line in
            let cells = line.split(separator: "|").map(Self.trimmed)
            guard cells.count == 3 else { return nil }
            let names = cells[2].split(separator: ",").map(Self.trimmed)
            return Row(room: cells[0].filter { $0 != "`" }, line: place + 1, names: names)
        }
        let sentence = page.lines.first { $0.hasPrefix("Beside these, a room may import ") } ?? ""
        common = Set(
            sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap {
                $0.offset % 2 == 1 ? String($0.element) : nil
            })
    }

    /// Imports that the table does not have, and names of the table that no file imports.
    func findings(_ files: [SourceFile]) -> [Finding] {
        guard !rows.isEmpty, !common.isEmpty else {
            return [
                page.finding(1, "the table of rooms, or the sentence \"Beside these, a room may import …\", is gone")
            ]
        }
        let rooms = Dictionary(grouping: files.filter { $0.room != nil }) { $0.room ?? "" }
        return rows.enumerated().flatMap { place, row in
            let above = rows[..<place].map(\.room)
            let imported = (rooms[row.room] ?? []).flatMap { file in
                ImportRules.imports(in: file).map { (file: file, name: $0.name, line: $0.line) }
            }
            let strangers = imported.filter { found in
                !common.contains(found.name) && !row.names.contains { Self.means($0, found.name, above) }
            }
            let idle = row.names.filter { name in
                name != Self.allAbove && !imported.contains { Self.means(name, $0.name, above) }
            }
            return strangers.map { stranger in
                stranger.file.finding(
                    stranger.line, "the table of rooms in \(page.path) has no \(stranger.name) for \(row.room)")
            } + idle.map { page.finding(row.line, "\(row.room) does not import \($0): take it out of the table") }
        }
    }

    private static let allAbove = "all of the above"
    /// Names that mean all modules whose names begin alike.
    private static let families: Set<String> = ["NIO", "Hummingbird"]

    /// Whether a name of the table means a module.
    private static func means(_ name: String, _ module: String, _ above: [String]) -> Bool {
        if name == allAbove { return above.contains(module) }
        return families.contains(name) ? module.hasPrefix(name) : [name, "Gatehouse" + name].contains(module)
    }

    private static func trimmed(_ text: Substring) -> String {
        let front = text.drop { $0 == " " }
        return String(front.reversed().drop { $0 == " " }.reversed())
    }
}
