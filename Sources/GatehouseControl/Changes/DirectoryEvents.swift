package import GatehouseCore

/// The events about a change that a caller made: the new state, the caller, and the caller's address.
package struct DirectoryEvents {
    let user: JSON
    let clientInfo: JSON
    /// The directory before the change.
    var directory: Directory
    let now: Instant

    /// What an author makes, in the directory as it is before.
    package init(by author: Author, in directory: Directory) {
        self.user = author.key.userJSON
        self.clientInfo = author.client.json
        self.directory = directory
        self.now = author.now
    }

    /// The events about a change, at most one. There is none about a program's key, a key above all trees, a trigger,
    /// or a subscription that a caller changes. The runner of commands makes the events about commands.
    package func events(of change: Change) -> [AdmittedEvent] {
        // Names and numbers are those that hold afterwards, of what is removed the last ones.
        var events = self
        if change.action != .remove { events.directory.follow(change) }
        return switch change.subject {
        case .organization(let organization): [events.event(change.action, organization)]
        case .panel(let panel): [events.event(change.action, panel)]
        case .door(let door):
            [events.event(change.action, door, before: directory.door(door.id, in: door.organization))]
        case .key(let key):
            events.events(change.action.kind(.permissionCreated, .permissionUpdated, .permissionDeleted), key)
        case .trigger, .command, .subscription, .integration, .tokenKey: []
        }
    }

    /// The event that tells of a key's first use by its owner.
    package func accepting(_ key: Key) -> [AdmittedEvent] {
        events(.permissionAccepted, key)
    }

    // MARK: One of each

    /// A removal is told to the organization above, since the one that it was is there no more.
    private func event(_ action: Change.Action, _ organization: Organization) -> AdmittedEvent {
        let about: JSON = [
            "id": .string(organization.id.text), "name": .string(organization.name),
            "parent": .text(organization.parent?.text), "timeZone": .string(organization.timeZone),
        ]
        return own(
            action.kind(.organizationCreated, .organizationUpdated, .organizationDeleted),
            action == .remove ? organization.parent ?? organization.id : organization.id,
            signed(["organization": about]))
    }

    private func event(_ action: Change.Action, _ panel: Panel) -> AdmittedEvent {
        let about: JSON = ["panel": .string(panel.id.text), "details": ["name": .string(panel.name)]]
        return own(
            action.kind(.panelCreated, .panelUpdated, .panelDeleted), panel.organization, signed(about))
    }

    /// The catalogue's device events carry neither user nor client. A change tells how the door was and how it is.
    private func event(_ action: Change.Action, _ door: Door, before: Door?) -> AdmittedEvent {
        let details: JSON =
            if action == .change, let before {
                ["prevState": before.values, "newState": door.values]
            } else {
                ["name": .string(door.name), "attendance": .bool(door.isAttendancePoint)]
            }
        let about: JSON = [
            "panel": .string(door.panel.text), "door": .string(door.id.text), "details": details,
        ]
        return own(
            action.kind(.deviceCreated, .deviceUpdated, .deviceDeleted), door.organization, about)
    }

    /// Before a key is accepted its owner is invited and nothing more: `userId` is null until then.
    private func events(_ kind: Kind, _ key: Key) -> [AdmittedEvent] {
        guard let owner = key.owner, let organization = key.organization else { return [] }
        let about: JSON = [
            "ou": .string(organization.text), "email": .string(owner.email),
            "name": .string("\(owner.firstName) \(owner.lastName)"), "role": .string(key.role.rawValue),
            "userId": key.accepted == nil ? .null : .string(owner.id),
        ]
        return [own(kind, organization, signed(["permission": about]))]
    }

    // MARK: What they share

    private func signed(_ about: JSON) -> JSON {
        var data = about.object ?? JSONObject()
        data["user"] = user
        data["clientInfo"] = clientInfo
        return .object(data)
    }

    private func own(_ kind: Kind, _ organization: OrganizationID, _ data: JSON) -> AdmittedEvent {
        var random = SystemRandomNumberGenerator()
        return .own(
            kind, of: organization, data: data.object ?? JSONObject(), in: directory, at: now, using: &random)
    }
}

extension Door {
    /// What may change of a door, as events tell it: of its driver the type alone, since the rest may be secret.
    fileprivate var values: JSON {
        [
            "name": .string(name), "number": .integer(number), "attendance": .bool(isAttendancePoint),
            "driver": driver?["type"] ?? .null,
        ]
    }
}

extension Change.Action {
    /// The one of three kinds that tells of the action.
    fileprivate func kind(_ created: Kind, _ updated: Kind, _ deleted: Kind) -> Kind {
        switch self {
        case .add: created
        case .change: updated
        case .remove: deleted
        }
    }
}
