package import GatehouseCore

/// A noun that is changed by a ``Change``.
package protocol ChangedThing: Equatable {
    /// What a change calls it.
    var subject: Change.Subject { get }

    /// Takes it out of what a change calls it; nil for another noun.
    init?(changing subject: Change.Subject)
}

extension Organization: ChangedThing {
    package var subject: Change.Subject { .organization(self) }

    package init?(changing subject: Change.Subject) {
        guard case .organization(let organization) = subject else { return nil }
        self = organization
    }
}

extension Panel: ChangedThing {
    package var subject: Change.Subject { .panel(self) }

    package init?(changing subject: Change.Subject) {
        guard case .panel(let panel) = subject else { return nil }
        self = panel
    }
}

extension Door: ChangedThing {
    package var subject: Change.Subject { .door(self) }

    package init?(changing subject: Change.Subject) {
        guard case .door(let door) = subject else { return nil }
        self = door
    }
}

extension Key: ChangedThing {
    package var subject: Change.Subject { .key(self) }

    package init?(changing subject: Change.Subject) {
        guard case .key(let key) = subject else { return nil }
        self = key
    }
}

extension Trigger: ChangedThing {
    package var subject: Change.Subject { .trigger(self) }

    package init?(changing subject: Change.Subject) {
        guard case .trigger(let trigger) = subject else { return nil }
        self = trigger
    }
}
