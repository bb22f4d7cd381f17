internal import GatehouseCore

extension Call {
    /// Makes a change of the directory or of the keys, and tells of it in the caller's name, in one commit. What would
    /// change nothing is not told.
    func apply(_ deed: Change.Deed, _ subject: Change.Subject) async throws(StoreError) {
        if deed == .change, isSo(subject) { return }
        let change = Change(deed, subject)
        let events = DirectoryEvents(
            user: key.userJSON, clientInfo: client.json, directory: directory, now: now
        ).telling(of: change)
        switch subject {
        case .organization, .panel, .door:
            try await parts.directory.apply(change, telling: events, through: parts.intake)
        case .trigger:
            try await parts.triggers.apply(change, through: parts.intake)
        case .command:
            try await parts.intake.commit(change, telling: events)
        case .key:
            try await parts.keys.apply(change, telling: events, through: parts.intake)
        }
    }

    private func isSo(_ subject: Change.Subject) -> Bool {
        switch subject {
        case .organization(let organization): directory.organizations[organization.id] == organization
        case .panel(let panel): directory.panel(panel.id, in: panel.organization) == panel
        case .door(let door): directory.door(door.id, in: door.organization) == door
        case .key(let key): parts.keys[key.id] == key
        case .trigger(let trigger): parts.triggers[trigger.id] == trigger
        case .command: false
        }
    }
}

extension Key {
    /// The person whose key it is, as events name one; a program's key stands for itself.
    var userJSON: JSON {
        guard let owner else { return ["id": .string(id.text), "firstName": .string(name), "lastName": ""] }
        return ["id": .string(owner.id), "firstName": .string(owner.firstName), "lastName": .string(owner.lastName)]
    }

    /// Who asks where the key is used.
    var asker: DoorCommand.Asker { DoorCommand.Asker(id: user, user: userJSON.object ?? JSONObject()) }
}

extension Client {
    /// The client as events name one.
    var json: JSON {
        var object = JSONObject()
        object["ipAddress"] = address.map { .string($0) }
        object["userAgent"] = userAgent.map { .string(String($0.prefix(1000))) }
        return .object(object)
    }
}
