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

    func change(_ organization: Organization) async throws(StoreError) {
        try await alter(
            "UPDATE organizations SET name = ?, timeZone = ? WHERE id = ?",
            [organization.name, organization.timeZone, organization.id.text])
    }

    func change(_ panel: Panel) async throws(StoreError) {
        try await alter(
            "UPDATE panels SET name = ?, number = ?, timeZone = ? WHERE organization = ? AND id = ?",
            [panel.name, panel.number, panel.timeZone, panel.organization.text, panel.id.text])
    }

    func change(_ door: Door) async throws(StoreError) {
        try await alter(
            "UPDATE doors SET number = ?, name = ?, attendance = ? WHERE organization = ? AND id = ?",
            [door.number, door.name, door.isAttendancePoint, door.organization.text, door.id.text],
            orConflict: "the number \(door.number) is taken at the panel \(door.panel)")
    }

    func change(_ key: Key) async throws(StoreError) {
        try await alter(
            "UPDATE keys SET name = ?, role = ? WHERE id = ?", [key.name, key.role.rawValue, key.id.text])
    }

    func remove(_ organization: OrganizationID) async throws(StoreError) {
        let belongings = [
            ("keys", "SELECT count(*) FROM keys WHERE organization = ?"),
            ("subscriptions", "SELECT count(*) FROM subscriptions WHERE organization = ? AND deleted IS NULL"),
        ]
        try await write { database in
            for (what, sql) in belongings
            where try Int.fetchOne(database, sql: sql, arguments: [organization.text]) != 0 {
                throw StoreError.conflict(index: nil, "\(what) belong to the organization \(organization)")
            }
            try Self.alter(
                "DELETE FROM organizations WHERE id = ?", [organization.text],
                orConflict: "organizations or panels belong to the organization \(organization)", in: database)
        }
    }

    func remove(_ panel: Panel) async throws(StoreError) {
        try await alter(
            "DELETE FROM panels WHERE organization = ? AND id = ?", [panel.organization.text, panel.id.text],
            orConflict: "doors hang on the panel \(panel.id)")
    }

    func remove(_ door: Door) async throws(StoreError) {
        try await alter(
            "DELETE FROM doors WHERE organization = ? AND id = ?", [door.organization.text, door.id.text])
    }

    func remove(_ key: KeyID) async throws(StoreError) {
        try await alter("DELETE FROM keys WHERE id = ?", [key.text])
    }

    /// Changes or takes out one row: ``StoreError/missing`` where it is gone, a conflict where a rule of the tables
    /// stands against it.
    private func alter(
        _ sql: String, _ values: [(any DatabaseValueConvertible & Sendable)?], orConflict sentence: String = ""
    ) async throws(StoreError) {
        try await write { database in try Self.alter(sql, values, orConflict: sentence, in: database) }
    }

    private static func alter(
        _ sql: String, _ values: [(any DatabaseValueConvertible & Sendable)?], orConflict sentence: String,
        in database: Database
    ) throws {
        do {
            try database.execute(sql: sql, arguments: StatementArguments(values))
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError.conflict(index: nil, sentence)
        }
        if database.changesCount == 0 { throw StoreError.missing }
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
