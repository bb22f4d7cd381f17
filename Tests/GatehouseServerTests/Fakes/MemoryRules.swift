import GatehouseCore

/// What stands against a change of the directory or the keys, in the words of the store's protocol.
enum MemoryRules {
    static func refusal(of change: Change, in state: MemoryStore.State) -> StoreError? {
        let isThere = isThere(change.subject, state)
        switch change.deed {
        case .add where isThere: return .conflict(index: nil, "it is there already")
        case .change where !isThere, .remove where !isThere: return .missing
        case .remove where isUsed(change.subject, state): return .conflict(index: nil, "something belongs to it")
        case .add where loginIsTaken(change.subject, state), .change where loginIsTaken(change.subject, state):
            return .conflict(index: nil, "the login name is taken")
        case .add, .change:
            return numberIsTaken(change.subject, state) ? .conflict(index: nil, "the number is taken") : nil
        case .remove: return nil
        }
    }

    /// Another subscription whose URL this one may not have.
    static func sameURL(as subscription: StoredSubscription, in state: MemoryStore.State) -> SubscriptionID? {
        guard subscription.urlRule != .shared else { return nil }
        func target(_ stored: StoredSubscription) -> [String?] {
            let terms = try? JSONParser.parse(stored.terms)
            return [
                stored.identity.organization.text, terms?["url"]?.text, terms?["dialect"]?.text,
                subscription.urlRule == .once ? nil : stored.identity.maker,
            ]
        }
        return state.subscriptions.values
            .first { $0.identity.id != subscription.identity.id && target($0) == target(subscription) }?.identity.id
    }

    private static func isThere(_ subject: Change.Subject, _ state: MemoryStore.State) -> Bool {
        switch subject {
        case .organization(let organization): state.directory.organizations[organization.id] != nil
        case .panel(let panel): state.directory.panel(panel.id, in: panel.organization) != nil
        case .door(let door): state.directory.door(door.id, in: door.organization) != nil
        case .key(let key): state.keys[key.id] != nil
        case .trigger(let trigger): state.triggers[trigger.id] != nil
        case .command: false
        }
    }

    private static func isUsed(_ subject: Change.Subject, _ state: MemoryStore.State) -> Bool {
        switch subject {
        case .organization(let organization):
            state.directory.organizations.values.contains { $0.parent == organization.id }
                || state.directory.panels.keys.contains { $0.organization == organization.id }
                || state.keys.values.contains { $0.organization == organization.id }
                || state.triggers.values.contains { $0.organization == organization.id }
                || state.subscriptions.values.contains { $0.identity.organization == organization.id }
        case .panel(let panel):
            state.directory.doors.values.contains {
                $0.organization == panel.organization && $0.panel == panel.id
            }
        case .door, .key, .trigger, .command: false
        }
    }

    private static func loginIsTaken(_ subject: Change.Subject, _ state: MemoryStore.State) -> Bool {
        guard case .key(let key) = subject, let login = key.login else { return false }
        return state.keys.values.contains { $0.login == login && $0.id != key.id }
    }

    private static func numberIsTaken(_ subject: Change.Subject, _ state: MemoryStore.State) -> Bool {
        guard case .door(let door) = subject else { return false }
        return state.directory.doors.values.contains {
            $0.organization == door.organization && $0.panel == door.panel && $0.number == door.number
                && $0.id != door.id
        }
    }
}
