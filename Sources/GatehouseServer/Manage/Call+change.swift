internal import GatehouseControl
internal import GatehouseCore

extension Call {
    /// Makes a change of the directory or of the keys, tells of it in the caller's name and writes its line of the
    /// audit, in one commit. What would change nothing is not told.
    func apply(_ action: Change.Action, _ subject: Change.Subject) async throws(StoreError) {
        var entry = author.entry(action, subject)
        if action == .change, let present = present(subject) {
            if present == subject { return }
            entry = entry?.naming(json(of: subject).names(differingFrom: json(of: present)))
        }
        var change = Change(action, subject, audited: entry)
        change.events = DirectoryEvents(
            user: key.userJSON, clientInfo: client.json, directory: directory, now: now
        ).telling(of: change)
        switch subject {
        case .organization, .panel, .door:
            try await parts.directory.apply(change, through: parts.intake)
        case .trigger:
            try await parts.triggers.apply(change, through: parts.intake)
        case .command:
            try await parts.intake.commit(change)
        case .key:
            try await parts.keys.apply(change, through: parts.intake)
        }
    }

    /// What is there now; nil where it is gone, and of a command.
    private func present(_ subject: Change.Subject) -> Change.Subject? {
        switch subject {
        case .organization(let organization): directory.organizations[organization.id].map { .organization($0) }
        case .panel(let panel): directory.panel(panel.id, in: panel.organization).map { .panel($0) }
        case .door(let door): directory.door(door.id, in: door.organization).map { .door($0) }
        case .key(let key): parts.keys[key.id].map { .key($0) }
        case .trigger(let trigger): parts.triggers[trigger.id].map { .trigger($0) }
        case .command: nil
        }
    }

    private func json(of subject: Change.Subject) -> JSONObject {
        switch subject {
        case .organization(let organization): organization.json
        case .panel(let panel): panel.json
        case .door(let door): door.json
        case .key(let key): key.json
        case .trigger(let trigger): trigger.json
        case .command: JSONObject()
        }
    }
}

extension Key {
    /// The person whose key it is, as events name one; a program's key stands for itself.
    var userJSON: JSON {
        guard let owner else { return ["id": .string(id.text), "firstName": .string(name), "lastName": ""] }
        return ["id": .string(owner.id), "firstName": .string(owner.firstName), "lastName": .string(owner.lastName)]
    }
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
