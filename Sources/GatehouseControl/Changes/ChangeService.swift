package import GatehouseCore

/// The one way in which callers change the directory, the keys and the triggers: each change is told of in its author's
/// name and has its line of the audit, in one commit.
package struct ChangeService: Sendable {
    let directory: DirectoryRegistry
    let keys: KeyRegistry
    let triggers: TriggerRegistry
    let intake: any Intake

    /// Joins the parts.
    package init(_ registries: Registries, intake: any Intake) {
        self.directory = registries.directory
        self.keys = registries.keys
        self.triggers = registries.triggers
        self.intake = intake
    }

    /// Makes a change. What would change nothing is not told.
    ///
    /// - Throws: ``StoreError``; after ``StoreError/unavailable(_:)`` the change may have been made.
    package func apply(_ action: Change.Action, _ subject: Change.Subject, author: Author) async throws(StoreError) {
        var entry = author.entry(action, subject)
        if action == .change, let present = present(subject) {
            if present == subject { return }
            entry = entry?.naming(names(of: subject, differingFrom: present))
        }
        var change = Change(action, subject, audited: entry)
        change.events = DirectoryEvents(by: author, in: directory.directory).telling(of: change)
        switch subject {
        case .organization, .panel, .door: try await directory.apply(change, through: intake)
        case .trigger: try await triggers.apply(change, through: intake)
        case .key: try await keys.apply(change, through: intake)
        case .command: try await intake.commit(change)
        }
    }

    /// What is there now; nil where it is gone, and of a command.
    private func present(_ subject: Change.Subject) -> Change.Subject? {
        let directory = directory.directory
        return switch subject {
        case .organization(let organization): directory.organizations[organization.id].map { .organization($0) }
        case .panel(let panel): directory.panel(panel.id, in: panel.organization).map { .panel($0) }
        case .door(let door): directory.door(door.id, in: door.organization).map { .door($0) }
        case .key(let key): keys[key.id].map { .key($0) }
        case .trigger(let trigger): triggers[trigger.id].map { .trigger($0) }
        case .command: nil
        }
    }

    /// The names of the fields that differ, for the audit.
    private func names(of subject: Change.Subject, differingFrom present: Change.Subject) -> [String] {
        switch (subject, present) {
        case (.organization(let next), .organization(let present)):
            Organization.fields.names(of: next, differingFrom: present)
        case (.panel(let next), .panel(let present)): Panel.fields.names(of: next, differingFrom: present)
        case (.door(let next), .door(let present)): Door.fields.names(of: next, differingFrom: present)
        case (.key(let next), .key(let present)): Key.fields.names(of: next, differingFrom: present)
        case (.trigger(let next), .trigger(let present)): Trigger.fields.names(of: next, differingFrom: present)
        case (.organization, _), (.panel, _), (.door, _), (.key, _), (.trigger, _), (.command, _): []
        }
    }
}
