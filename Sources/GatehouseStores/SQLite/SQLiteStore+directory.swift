internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func directory() async throws(StoreError) -> Directory {
        try await read(.readDirectory) { database in
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
                var door = Door(
                    id: DoorID(row["id"]), panel: panel, number: row["number"], name: row["name"],
                    isAttendancePoint: row["attendance"])
                if let driver: String = row["driver"] {
                    door.driver = (try? JSONParser.parse(Array(driver.utf8)))?.object
                }
                directory.put(door)
            }
            return directory
        }
    }

    func keys() async throws(StoreError) -> [Key] {
        try await read(.readKeys) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM keys").map { row in
                let organization: String? = row["organization"]
                guard let role = Role(rawValue: row["role"]), let level = PrivacyLevel(rawValue: row["privacyLevel"])
                else { throw StoreError.corrupt("a key has a role or a privacy level that does not exist") }
                var key = Key(
                    id: KeyID(row["id"]), name: row["name"], role: role,
                    organization: organization.map { OrganizationID($0) }, hash: row.bytes("hash"),
                    created: Instant(microseconds: row["created"]))
                if let owner: String = row["owner"] {
                    key.owner = Key.Owner(json: try? JSONParser.parse(Array(owner.utf8)))
                }
                if row["login"] != nil { key.md5Digests = row.bytes("login") }
                key.login = row["loginName"]
                if let accepted: Int64 = row["accepted"] { key.accepted = Instant(microseconds: accepted) }
                key.privacyLevel = level
                if let expires: Int64 = row["expires"] { key.expiresAt = Instant(microseconds: expires) }
                key.rate = row["rate"]
                key.panels = try Self.texts(row["panels"])?.map { PanelID($0) }
                key.sources = try Self.texts(row["sources"])
                return key
            }
        }
    }

    /// The texts of a JSON array; nil if there is none.
    private static func texts(_ list: String?) throws -> [String]? {
        guard let list else { return nil }
        guard let items = (try? JSONParser.parse(Array(list.utf8)))?.items else {
            throw StoreError.corrupt("the restrictions of a key cannot be read")
        }
        return items.compactMap(\.text)
    }

    func triggers() async throws(StoreError) -> [Trigger] {
        try await read(.readTriggers) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM triggers").map { row in
                var trigger = Trigger(
                    id: TriggerID(row["id"]), name: row["name"], organization: OrganizationID(row["organization"]),
                    hash: row.bytes("hash"), created: Instant(microseconds: row["created"]))
                if let doors: String = row["doors"] {
                    let ids = (try? JSONParser.parse(Array(doors.utf8)))?.items
                    guard let ids else { throw StoreError.corrupt("the doors of a trigger cannot be read") }
                    trigger.doors = Set(ids.compactMap(\.text).map { DoorID($0) })
                }
                trigger.mayRegister = row["mayRegister"]
                trigger.mayUnlock = row["mayUnlock"]
                trigger.doorsEnvelope = row["doorsEnvelope"]
                trigger.isActive = row["active"]
                trigger.rate = row["rate"]
                guard let level = PrivacyLevel(rawValue: row["privacyLevel"]) else {
                    throw StoreError.corrupt("the privacy level of a trigger cannot be read")
                }
                trigger.privacyLevel = level
                return trigger
            }
        }
    }
}
