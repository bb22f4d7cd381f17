internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func directory() async throws(StoreError) -> Directory {
        try await read { database in
            var directory = Directory()
            for row in try Row.fetchAll(database, sql: "SELECT * FROM organizations") {
                let parent: String? = row["parent"]
                directory.put(
                    Organization(
                        id: OrganizationID(row["id"]), name: row["name"], parent: parent.map { OrganizationID($0) },
                        timeZone: row["timeZone"]))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM panels") {
                directory.put(
                    Panel(
                        id: PanelID(row["id"]), organization: OrganizationID(row["organization"]), name: row["name"],
                        number: row["number"], timeZone: row["timeZone"]))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM doors") {
                let organization = OrganizationID(row["organization"])
                guard let panel = directory.panel(PanelID(row["panel"]), in: organization) else { continue }
                directory.put(
                    Door(
                        id: DoorID(row["id"]), panel: panel, number: row["number"], name: row["name"],
                        isAttendancePoint: row["attendance"]))
            }
            return directory
        }
    }

    func add(_ organization: Organization) async throws(StoreError) {
        try await insert(
            "INSERT INTO organizations (id, name, parent, timeZone) VALUES (?, ?, ?, ?)",
            [organization.id.text, organization.name, organization.parent?.text, organization.timeZone],
            orConflict: "the id \(organization.id) is taken")
    }

    func add(_ panel: Panel) async throws(StoreError) {
        try await insert(
            "INSERT INTO panels (organization, id, name, number, timeZone) VALUES (?, ?, ?, ?, ?)",
            [panel.organization.text, panel.id.text, panel.name, panel.number, panel.timeZone],
            orConflict: "the id \(panel.id) is taken in its organization")
    }

    func add(_ door: Door) async throws(StoreError) {
        try await insert(
            "INSERT INTO doors (organization, id, panel, number, name, attendance) VALUES (?, ?, ?, ?, ?, ?)",
            [door.organization.text, door.id.text, door.panel.text, door.number, door.name, door.isAttendancePoint],
            orConflict: "the id \(door.id) is taken in its organization, or the number \(door.number) at its panel")
    }

    func keys() async throws(StoreError) -> [Key] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM keys").map { row in
                let organization: String? = row["organization"]
                guard let role = Role(rawValue: row["role"]) else {
                    throw StoreError.corrupt("a key has a role that there is not")
                }
                return Key(
                    id: KeyID(row["id"]), name: row["name"], role: role,
                    organization: organization.map { OrganizationID($0) }, hash: row.bytes("hash"),
                    created: Instant(microseconds: row["created"]))
            }
        }
    }

    func add(_ key: Key) async throws(StoreError) {
        try await insert(
            "INSERT INTO keys (id, name, role, organization, hash, created) VALUES (?, ?, ?, ?, ?, ?)",
            [
                key.id.text, key.name, key.role.rawValue, key.organization?.text, key.hash.blob,
                key.created.microseconds,
            ], orConflict: "the id \(key.id) is taken")
    }

    /// Inserts one row. A row that is refused leaves nothing behind, so the commit goes on without it:
    /// ``StoreError/missing`` where what it belongs to is not there, a conflict where it collides.
    private func insert(
        _ sql: String, _ values: [(any DatabaseValueConvertible & Sendable)?], orConflict sentence: String
    ) async throws(StoreError) {
        try await write { database in
            do {
                try database.execute(sql: sql, arguments: StatementArguments(values))
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
                throw StoreError.missing
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw StoreError.conflict(index: nil, sentence)
            }
        }
    }
}
