internal import GRDB
internal import GatehouseCore

/// One change of the directory, the keys, triggers, subscriptions and token keys, or a command. The tables enforce
/// every rule, except for resources that belong to an organization without a reference, and for the rules of
/// subscriptions.
struct ChangeWork {
    let database: Database
    let memory: WriterMemory

    private typealias Values = [(any DatabaseValueConvertible)?]

    private var subscriptions: SubscriptionWork { SubscriptionWork(database: database, memory: memory) }

    /// Returns the number of an added subscription, and nil for every other change.
    func make(_ change: Change) throws -> Int64? {
        switch (change.action, change.subject) {
        case (.add, .subscription(let subscription)): return try subscriptions.add(subscription)
        case (.change, .subscription(let subscription)): try subscriptions.replace(subscription)
        case (.remove, .subscription(let subscription)): try subscriptions.remove(subscription)
        case (.change, .integration(let integration, let members)): try subscriptions.rotate(integration, members)
        case (.add, .organization(let organization)): try add(organization)
        case (.add, .panel(let panel)): try add(panel)
        case (.add, .door(let door)): try add(door)
        case (.add, .key(let key)): try add(key)
        case (.add, .trigger(let trigger)): try add(trigger)
        case (.add, .command(let command)): try add(command)
        case (.change, .organization(let organization)): try self.change(organization)
        case (.change, .panel(let panel)): try self.change(panel)
        case (.change, .door(let door)): try self.change(door)
        case (.change, .key(let key)): try self.change(key)
        case (.change, .trigger(let trigger)): try self.change(trigger)
        case (.change, .command(let command)): try end(command)
        case (.remove, .organization(let organization)): try remove(organization)
        case (.remove, .panel(let panel)): try remove(panel)
        case (.remove, .door(let door)): try remove(door)
        case (.remove, .key(let key)): try alter("DELETE FROM keys WHERE id = ?", [key.id.text])
        case (.remove, .trigger(let trigger)): try alter("DELETE FROM triggers WHERE id = ?", [trigger.id.text])
        case (.add, .tokenKey(let key)): try add(key)
        case (.remove, .command), (.add, .integration), (.remove, .integration), (.change, .tokenKey),
            (.remove, .tokenKey):
            throw StoreError.missing
        }
        return nil
    }

    /// Follows a change in the writer's memory, after it was made with all its events.
    func remember(_ change: Change, number: Int64?) {
        switch (change.action, change.subject) {
        case (let action, .subscription(let subscription)):
            subscriptions.remember(action, subscription.identity.id, number: number)
        case (_, .integration(_, let members)):
            for member in members { subscriptions.remember(.change, member.identity.id, number: nil) }
        case (_, .organization), (_, .panel), (_, .door), (_, .key), (_, .trigger), (_, .command), (_, .tokenKey): break
        }
    }

    // MARK: Creating

    private func add(_ organization: Organization) throws {
        try insert(
            "INSERT INTO organizations (id, name, parent, timeZone) VALUES (?, ?, ?, ?)",
            [organization.id.text, organization.name, organization.parent?.text, organization.timeZone],
            orConflict: "the id \(organization.id) is taken")
    }

    private func add(_ panel: Panel) throws {
        try checkNumber(of: panel)
        try insert(
            "INSERT INTO panels (organization, id, name, number, timeZone) VALUES (?, ?, ?, ?, ?)",
            [panel.organization.text, panel.id.text, panel.name, panel.number, panel.timeZone],
            orConflict: "the id \(panel.id) is taken in its organization")
    }

    private func add(_ door: Door) throws {
        try insert(
            """
            INSERT INTO doors (organization, id, panel, number, name, attendance, driver)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                door.organization.text, door.id.text, door.panel.text, door.number, door.name, door.isAttendancePoint,
                door.driver.map { JSON.object($0).compact },
            ],
            orConflict: "the id \(door.id) is taken in its organization",
            orTaken: (
                "number", "the number \(door.number) is taken at the panel \(door.panel): give this door another number"
            )
        )
    }

    private func add(_ key: Key) throws {
        try insert(
            """
            INSERT INTO keys
            (id, name, role, organization, hash, created, owner, accepted, login, privacyLevel, expires, rate,
             loginName, panels, sources)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key.id.text, key.name, key.role.rawValue, key.organization?.text, key.hash.blob,
                key.created.microseconds, key.owner.map { JSON.object($0.json).compact }, key.accepted?.microseconds,
                key.md5Digests?.blob, key.privacyLevel.rawValue, key.expiresAt?.microseconds, key.rate, key.login,
                key.panels.map { Self.list($0.map(\.text)) }, key.sources.map(Self.list),
            ], orConflict: "the id \(key.id) is taken",
            orTaken: ("login", "the login name of another key is the same: choose another"))
    }

    private func add(_ trigger: Trigger) throws {
        try insert(
            """
            INSERT INTO triggers
            (id, name, organization, hash, created, doors, mayRegister, mayUnlock, doorsEnvelope, active, rate,
            privacyLevel)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [trigger.id.text, trigger.name, trigger.organization.text, trigger.hash.blob, trigger.created.microseconds]
                + settings(of: trigger), orConflict: "the id \(trigger.id) is taken")
    }

    private func settings(of trigger: Trigger) -> Values {
        let doors = trigger.doors.map { JSON.array($0.map(\.text).sorted().map { .string($0) }).compact }
        return [
            doors, trigger.mayRegister, trigger.mayUnlock, trigger.doorsEnvelope, trigger.isActive, trigger.rate,
            trigger.privacyLevel.rawValue,
        ]
    }

    private func add(_ command: DoorCommand) throws {
        try insert(
            """
            INSERT INTO commands (id, organization, door, asker, user, repetitionKey, incarnation, begun)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                command.id.text, command.organization.text, command.door.text, command.asker.id,
                JSON.object(command.asker.user).compact, command.repetitionKey, command.incarnation.number,
                command.begun.microseconds,
            ], orConflict: "the id \(command.id) or the repetition key is taken")
    }

    private func add(_ key: TokenKey) throws {
        try insert(
            "INSERT INTO tokenKeys (id, privateKey, created) VALUES (?, ?, ?)",
            [key.id.text, key.privateKey.revealed, key.created.microseconds], orConflict: "the id \(key.id) is taken")
    }

    // MARK: Changing

    private func change(_ trigger: Trigger) throws {
        try alter(
            """
            UPDATE triggers SET name = ?, doors = ?, mayRegister = ?, mayUnlock = ?, doorsEnvelope = ?, active = ?,
            rate = ?, privacyLevel = ? WHERE id = ?
            """, [trigger.name] + settings(of: trigger) + [trigger.id.text])
    }

    /// A result is written once: a command that has one counts as missing.
    private func end(_ command: DoorCommand) throws {
        guard let ended = command.ended else { throw StoreError.missing }
        try alter(
            "UPDATE commands SET outcome = ?, reason = ?, event = ? WHERE id = ? AND outcome IS NULL",
            [ended.outcome.result.rawValue, ended.outcome.reason, ended.event.description, command.id.text])
    }

    private func change(_ organization: Organization) throws {
        try alter(
            "UPDATE organizations SET name = ?, timeZone = ? WHERE id = ?",
            [organization.name, organization.timeZone, organization.id.text])
    }

    /// A number of a contract identifies one panel of its organization, whether the owner or the gateway gave it. Older
    /// rows that break this rule may still change in all other fields.
    private func checkNumber(of panel: Panel) throws {
        guard let number = panel.number else { return }
        let here = [panel.organization.text, panel.id.text]
        let present = try Int64.fetchOne(
            database, sql: "SELECT number FROM panels WHERE organization = ? AND id = ?",
            arguments: StatementArguments(here))
        guard present != number else { return }
        let sql = """
            SELECT id, name FROM panels WHERE organization = ? AND id <> ? AND number = ?
            UNION ALL SELECT panels.id, panels.name FROM numbers JOIN panels USING (organization, id)
            WHERE organization = ? AND id <> ? AND subject = 'panel' AND numbers.number = ? AND panels.number IS NULL
            """
        let arguments: Values = [here[0], here[1], number, here[0], here[1], number]
        guard let other = try Row.fetchOne(database, sql: sql, arguments: StatementArguments(arguments)) else { return }
        let (id, name): (String, String) = (other["id"], other["name"])
        throw StoreError.conflict(
            index: nil,
            "the panel \(id) (\(name)) already has the number \(number): give this panel another, "
                + "or remove it from the other panel first", field: "number")
    }

    private func change(_ panel: Panel) throws {
        try checkNumber(of: panel)
        try alter(
            "UPDATE panels SET name = ?, number = ?, timeZone = ? WHERE organization = ? AND id = ?",
            [panel.name, panel.number, panel.timeZone, panel.organization.text, panel.id.text])
    }

    private func change(_ door: Door) throws {
        try alter(
            "UPDATE doors SET number = ?, name = ?, attendance = ?, driver = ? WHERE organization = ? AND id = ?",
            [
                door.number, door.name, door.isAttendancePoint, door.driver.map { JSON.object($0).compact },
                door.organization.text, door.id.text,
            ],
            orConflict: "the number \(door.number) is taken at the panel \(door.panel): give this door another number",
            of: "number")
    }

    private func change(_ key: Key) throws {
        let known = try Row.fetchOne(database, sql: "SELECT accepted FROM keys WHERE id = ?", arguments: [key.id.text])
        guard let known else { throw StoreError.missing }
        let accepted: Int64? = known["accepted"]
        guard accepted == nil || accepted == key.accepted?.microseconds else {
            throw StoreError.conflict(index: nil, "the key was accepted meanwhile: read it and try again", field: nil)
        }
        try alter(
            """
            UPDATE keys SET name = ?, role = ?, accepted = ?, privacyLevel = ?, expires = ?, rate = ?, loginName = ?,
                panels = ?, sources = ?
            WHERE id = ?
            """,
            [
                key.name, key.role.rawValue, key.accepted?.microseconds, key.privacyLevel.rawValue,
                key.expiresAt?.microseconds, key.rate, key.login,
                key.panels.map { Self.list($0.map(\.text)) }, key.sources.map(Self.list), key.id.text,
            ], orConflict: "the login name of another key is the same: choose another", of: "login")
    }

    /// Texts as a JSON array.
    private static func list(_ texts: [String]) -> String { JSON.array(texts.map { .string($0) }).compact }

    // MARK: Deleting

    private func remove(_ organization: Organization) throws {
        let belongings = [
            ("keys", "SELECT count(*) FROM keys WHERE organization = ?"),
            ("triggers", "SELECT count(*) FROM triggers WHERE organization = ?"),
            ("subscriptions", "SELECT count(*) FROM subscriptions WHERE organization = ? AND deleted IS NULL"),
        ]
        let id = organization.id.text
        for (what, sql) in belongings where try Int.fetchOne(database, sql: sql, arguments: [id]) != 0 {
            throw StoreError.conflict(
                index: nil, "\(what) belong to the organization \(id): delete them first", field: nil)
        }
        try alter(
            "DELETE FROM organizations WHERE id = ?", [id],
            orConflict: "organizations or panels belong to the organization \(id): delete them first")
        // Another organization with that id must not inherit the secret of this one.
        try database.execute(sql: "DELETE FROM integrations WHERE organization = ?", arguments: [id])
    }

    private func remove(_ panel: Panel) throws {
        try alter(
            "DELETE FROM panels WHERE organization = ? AND id = ?", [panel.organization.text, panel.id.text],
            orConflict: "the panel \(panel.id) has doors: delete them first")
    }

    private func remove(_ door: Door) throws {
        try alter("DELETE FROM doors WHERE organization = ? AND id = ?", [door.organization.text, door.id.text])
    }

    // MARK: One row

    /// Changes or deletes one row: ``StoreError/missing`` if it does not exist, a conflict if a rule of the tables
    /// forbids it.
    private func alter(
        _ sql: String, _ values: Values, orConflict sentence: String = "", of field: String? = nil
    ) throws {
        do {
            try database.execute(sql: sql, arguments: StatementArguments(values))
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError.conflict(index: nil, sentence, field: field)
        }
        if database.changesCount == 0 { throw StoreError.missing }
    }

    /// Inserts one row: ``StoreError/missing`` if its parent does not exist, a conflict if it collides.
    ///
    /// - Parameter taken: the field that is unique beside the id, with the message if another row has the value
    ///   already.
    private func insert(
        _ sql: String, _ values: Values, orConflict sentence: String,
        orTaken taken: (field: String, sentence: String)? = nil
    ) throws {
        do {
            try database.execute(sql: sql, arguments: StatementArguments(values))
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
            throw StoreError.missing
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            if let taken, error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                throw StoreError.conflict(index: nil, taken.sentence, field: taken.field)
            }
            throw StoreError.conflict(index: nil, sentence)
        }
    }
}
