package import GatehouseCore

/// Who makes a change, and when: what the audit says of every one.
package struct Author: Sendable {
    /// The proved key; its rights bound what the author may do.
    package let key: Key
    /// Where the request came from.
    package let client: Client
    /// When the request was accepted: the time of everything that it changes.
    package let now: Instant

    /// Joins the three.
    package init(key: Key, client: Client, now: Instant) {
        self.key = key
        self.client = client
        self.now = now
    }

    /// The audit's line about an action.
    package func entry(
        _ action: AuditEntry.Action, _ sort: AuditEntry.Sort, _ id: String, of organization: OrganizationID?
    ) -> AuditEntry {
        AuditEntry(action, sort, id, of: organization, by: actor, at: now)
    }

    /// The audit's line about a change of the directory, the keys or the triggers; nil for a command, whose
    /// line the runner of commands writes, for a subscription, whose line says more than the action (a change may be a
    /// pause, a rotation or an expiry), and for a token key, which no caller changes.
    package func entry(_ action: Change.Action, _ subject: Change.Subject) -> AuditEntry? {
        switch subject {
        case .organization(let organization):
            // A deletion is a line of the organization above, because the deleted one has no readers any more.
            let concerned = action == .remove ? organization.parent ?? organization.id : organization.id
            return entry(action.audited, .organization, organization.id.text, of: concerned)
        case .panel(let panel): return entry(action.audited, .panel, panel.id.text, of: panel.organization)
        case .door(let door): return entry(action.audited, .door, door.id.text, of: door.organization)
        case .key(let key): return entry(action.audited, .key, key.id.text, of: key.organization)
        case .trigger(let trigger): return entry(action.audited, .trigger, trigger.id.text, of: trigger.organization)
        case .command, .subscription, .integration, .tokenKey: return nil
        }
    }

    /// The audit's line about what is done to a subscription.
    package func entry(_ action: AuditEntry.Action, _ subscription: Subscription) -> AuditEntry {
        entry(action, .subscription, subscription.id.text, of: subscription.organization)
    }

    /// The author where a door is asked to open.
    package var asker: DoorCommand.Asker {
        var asker = DoorCommand.Asker(id: key.user, user: key.userJSON.object ?? JSONObject())
        asker.actor = actor
        return asker
    }

    var actor: AuditEntry.Actor {
        AuditEntry.Actor(
            key: key.id.text, user: key.userJSON.object ?? JSONObject(), client: client.json.object ?? JSONObject())
    }
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

extension Key {
    /// The person whose key it is, as events name one; a program's key stands for itself.
    package var userJSON: JSON {
        guard let owner else { return ["id": .string(id.text), "firstName": .string(name), "lastName": ""] }
        return ["id": .string(owner.id), "firstName": .string(owner.firstName), "lastName": .string(owner.lastName)]
    }
}
