package import GatehouseCore

/// A noun that callers change by a ``Change``, one after the other.
package protocol ChangedThing: Equatable, FieldSubject {
    /// Its fields, for the names of those that a change sets.
    static var fields: FieldTable<Self> { get }

    /// The registry that holds such nouns.
    static func registry(in registries: Registries) -> any ChangeRegistry

    /// What a change calls it.
    var subject: Change.Subject { get }

    /// Takes it out of what a change calls it; nil for another noun.
    init?(changing subject: Change.Subject)
}

extension Organization: ChangedThing {
    package var subject: Change.Subject { .organization(self) }

    package static func registry(in registries: Registries) -> any ChangeRegistry { registries.directory }

    package init?(changing subject: Change.Subject) {
        guard case .organization(let organization) = subject else { return nil }
        self = organization
    }
}

extension Panel: ChangedThing {
    package var subject: Change.Subject { .panel(self) }

    package static func registry(in registries: Registries) -> any ChangeRegistry { registries.directory }

    package init?(changing subject: Change.Subject) {
        guard case .panel(let panel) = subject else { return nil }
        self = panel
    }
}

extension Door: ChangedThing {
    package var subject: Change.Subject { .door(self) }

    package static func registry(in registries: Registries) -> any ChangeRegistry { registries.directory }

    package init?(changing subject: Change.Subject) {
        guard case .door(let door) = subject else { return nil }
        self = door
    }
}

extension Key: ChangedThing {
    package var subject: Change.Subject { .key(self) }

    package static func registry(in registries: Registries) -> any ChangeRegistry { registries.keys }

    package init?(changing subject: Change.Subject) {
        guard case .key(let key) = subject else { return nil }
        self = key
    }
}

extension Trigger: ChangedThing {
    package var subject: Change.Subject { .trigger(self) }

    package static func registry(in registries: Registries) -> any ChangeRegistry { registries.triggers }

    package init?(changing subject: Change.Subject) {
        guard case .trigger(let trigger) = subject else { return nil }
        self = trigger
    }
}
