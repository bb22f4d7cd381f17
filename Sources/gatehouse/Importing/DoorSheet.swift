import GatehouseCore
import SwiftCSV

/// Doors in a table of a spreadsheet: a line of headings, then one door for each row. Commas, semicolons or tabs
/// separate the cells.
struct DoorSheet {
    /// One door as a row describes it.
    struct Row: Equatable {
        /// Its place in the file, from 1 for the row below the headings.
        let number: Int
        /// The door's id; nil if the gateway makes one.
        var id: String?
        /// The door's panel.
        var panel: String
        /// The panel's organization, if the row names it.
        var organization: String?
        /// The door's fields that the row gives, under their names in the native API.
        var fields: JSONObject
    }

    /// What is wrong with a row.
    struct RowError: Error, Equatable {
        /// The row, from 1 for the one below the headings; 0 for the headings.
        let row: Int
        /// What is wrong, and what would be right.
        let sentence: String

        /// `row 3: …`
        var line: String { (row == 0 ? "headings: " : "row \(row): ") + TextTable.printable(sentence) }
    }

    /// The known headings; `panel`, `number` and `name` are required.
    static let headings = ["id", "organization", "panel", "number", "name", "attendance", "driver"]

    /// The rows that can be understood.
    private(set) var rows: [Row] = []
    /// What is wrong with the other rows.
    private(set) var faults: [RowError] = []

    /// Reads a file's text.
    ///
    /// - Throws: if it is not a table, or its headings are unknown.
    init(_ text: String) throws(RowError) {
        let table: EnumeratedCSV
        do {
            table = try EnumeratedCSV(string: text, loadColumns: false)
        } catch {
            throw RowError(row: 0, sentence: "this is not a table: a quotation mark is missing or misplaced")
        }
        let columns = try Self.columns(table.header.map { $0.lowercased().filter { !$0.isWhitespace } })
        for (place, cells) in table.rows.enumerated() where cells.contains(where: { !$0.isEmpty }) {
            do throws(RowError) {
                rows.append(try Self.row(place + 1, cells, columns))
            } catch {
                faults.append(error)
            }
        }
        refuseRepeated()
    }

    private static func columns(_ headings: [String]) throws(RowError) -> [String: Int] {
        var columns: [String: Int] = [:]
        for (place, heading) in headings.enumerated() {
            guard Self.headings.contains(heading) else {
                let hint = Nearest.hint(for: heading, among: Self.headings)
                let known = Self.headings.joined(separator: ", ")
                throw RowError(row: 0, sentence: "there is no column \"\(heading)\"\(hint) There are \(known)")
            }
            guard columns.updateValue(place, forKey: heading) == nil else {
                throw RowError(row: 0, sentence: "\(heading) occurs twice")
            }
        }
        for heading in ["panel", "number", "name"] where columns[heading] == nil {
            throw RowError(row: 0, sentence: "the column \(heading) is missing")
        }
        return columns
    }

    private static func row(_ number: Int, _ cells: [String], _ columns: [String: Int]) throws(RowError) -> Row {
        func cell(_ heading: String) -> String? {
            let text = columns[heading].flatMap { $0 < cells.count ? cells[$0] : nil }
            return text.flatMap { $0.isEmpty ? nil : $0 }
        }
        func refuse(_ sentence: String) -> RowError { RowError(row: number, sentence: sentence) }
        guard let panel = cell("panel") else { throw refuse("the panel is missing") }
        guard let name = cell("name") else { throw refuse("the name is missing") }
        guard let place = cell("number").flatMap({ Int64($0) }), place >= 0 else {
            throw refuse("number is the door's number at its panel, a whole number")
        }
        if let id = cell("id"), !IdentifierRule.allows(id) {
            throw refuse("'\(id)' is not an id: an id has \(IdentifierRule.sentence)")
        }
        var fields = JSONObject(["number": .integer(place), "name": .string(name)])
        if let text = cell("attendance") {
            guard let flag = flags[text.lowercased()] else { throw refuse("attendance is yes or no") }
            fields["attendance"] = .bool(flag)
        }
        if let text = cell("driver") {
            guard let driver = DriverArgument(argument: text) else { throw refuse("driver is a name or JSON") }
            fields["driver"] = driver.json
        }
        return Row(number: number, id: cell("id"), panel: panel, organization: cell("organization"), fields: fields)
    }

    private static let flags = ["yes": true, "true": true, "1": true, "no": false, "false": false, "0": false]

    /// A door in two rows would be created by the first and changed by the second.
    private mutating func refuseRepeated() {
        var seen: Set<[String?]> = []
        rows.removeAll { row in
            let keys =
                [[row.organization, row.panel, "\(row.fields["number"]?.integer ?? 0)", nil]]
                + (row.id.map { [[row.organization, $0]] } ?? [])
            guard keys.contains(where: seen.contains) else {
                seen.formUnion(keys)
                return false
            }
            faults.append(
                RowError(row: row.number, sentence: "an earlier row has the same door, by id or number"))
            return true
        }
        faults.sort { $0.row < $1.row }
    }
}
