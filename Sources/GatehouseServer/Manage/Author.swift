internal import GatehouseCore

/// Who makes a change, and when: what the audit says of every one.
struct Author: Sendable {
    let key: Key
    let client: Client
    let now: Instant

    /// The audit's line about an action.
    func entry(
        _ action: AuditEntry.Action, _ sort: AuditEntry.Sort, _ id: String, of organization: OrganizationID?
    ) -> AuditEntry {
        AuditEntry(action, (sort, id), of: organization, by: (actor, now))
    }

    /// The audit's line about a change of the directory, the keys or the triggers; nil for a command, of which whoever
    /// carries it out writes.
    func entry(_ action: Change.Action, _ subject: Change.Subject) -> AuditEntry? {
        switch subject {
        case .organization(let organization):
            // Of one that is taken out those above are to hear: it is there no more.
            let concerned = action == .remove ? organization.parent ?? organization.id : organization.id
            return entry(action.audited, .organization, organization.id.text, of: concerned)
        case .panel(let panel): return entry(action.audited, .panel, panel.id.text, of: panel.organization)
        case .door(let door): return entry(action.audited, .door, door.id.text, of: door.organization)
        case .key(let key): return entry(action.audited, .key, key.id.text, of: key.organization)
        case .trigger(let trigger): return entry(action.audited, .trigger, trigger.id.text, of: trigger.organization)
        case .command: return nil
        }
    }

    /// The author where a door is asked to open.
    var asker: DoorCommand.Asker {
        var asker = DoorCommand.Asker(id: key.user, user: key.userJSON.object ?? JSONObject())
        asker.actor = actor
        return asker
    }

    private var actor: AuditEntry.Actor {
        AuditEntry.Actor(
            key: key.id.text, user: key.userJSON.object ?? JSONObject(), client: client.json.object ?? JSONObject())
    }
}

extension Call {
    /// Who calls.
    var author: Author { Author(key: key, client: client, now: now) }
}

extension Change.Action {
    fileprivate var audited: AuditEntry.Action {
        switch self {
        case .add: .add
        case .change: .change
        case .remove: .remove
        }
    }
}

extension JSONObject {
    /// The names of the members that are not the same in another object.
    func names(differingFrom other: JSONObject) -> [String] {
        let all = members.map(\.key) + other.members.map(\.key).filter { self[$0] == nil }
        return all.filter { self[$0] != other[$0] }
    }
}
