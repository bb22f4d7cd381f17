import GatehouseCore

/// The changes after which a gateway has the doors of a sheet. Pure: the gateway's state comes in as lists.
struct DoorPlan {
    /// One change.
    enum Step: Equatable {
        /// The door does not exist.
        case create(row: Int, JSONObject)
        /// The door exists and differs.
        case change(row: Int, id: String, organization: String, JSONObject)

        /// The row that asks for it.
        var row: Int {
            switch self {
            case .create(let row, _), .change(let row, _, _, _): row
            }
        }
    }

    /// The changes, in the order of the rows.
    private(set) var steps: [Step] = []
    /// How many doors need no change.
    private(set) var unchanged = 0
    /// The rows that cannot be carried out.
    private(set) var faults: [DoorSheet.RowError]

    private let panels: [JSON]
    private let doors: [JSON]

    /// Compares a sheet with the panels and doors that the key may access.
    init(_ sheet: DoorSheet, panels: [JSON], doors: [JSON]) {
        self.faults = sheet.faults
        self.panels = panels
        self.doors = doors
        for row in sheet.rows { take(row) }
        faults.sort { $0.row < $1.row }
    }

    private mutating func take(_ row: DoorSheet.Row) {
        let found = panels.filter {
            $0["id"]?.text == row.panel && (row.organization == nil || $0["organization"]?.text == row.organization)
        }
        guard let panel = found.first, let organization = panel["organization"]?.text, found.count == 1 else {
            let names = found.compactMap { $0["organization"]?.text }.sorted().joined(separator: ", ")
            return refuse(
                row,
                found.isEmpty
                    ? "there is no panel \(row.panel): create it with gatehouse panels create"
                    : "the panel \(row.panel) exists in \(names): name the organization")
        }
        let siblings = doors.filter { $0["organization"]?.text == organization }
        let taken = siblings.first { $0["panel"]?.text == row.panel && $0["number"] == row.fields["number"] }
        let present = siblings.first { $0["id"]?.text == row.id } ?? (row.id == nil ? taken : nil)
        if let taken, taken["id"] != present?["id"] {
            return refuse(row, "the door \(taken["id"]?.text ?? "") already has that number at the panel \(row.panel)")
        }
        guard let present, let id = present["id"]?.text else { return create(row, organization) }
        guard present["panel"]?.text == row.panel else {
            return refuse(
                row,
                "the door \(id) belongs to the panel \(present["panel"]?.text ?? ""), which cannot change"
            )
        }
        let changes = row.fields.members.filter { present[$0.key] != $0.value }
        if changes.isEmpty {
            unchanged += 1
        } else {
            steps.append(.change(row: row.number, id: id, organization: organization, JSONObject(changes)))
        }
    }

    private mutating func create(_ row: DoorSheet.Row, _ organization: String) {
        var body = JSONObject(["panel": .string(row.panel), "organization": .string(organization)])
        body.put("id", row.id)
        for member in row.fields.members { body[member.key] = member.value }
        steps.append(.create(row: row.number, body))
    }

    private mutating func refuse(_ row: DoorSheet.Row, _ sentence: String) {
        faults.append(DoorSheet.RowError(row: row.number, sentence: sentence))
    }
}
