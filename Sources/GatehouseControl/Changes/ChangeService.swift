package import GatehouseCore

/// The one way in which callers change the directory, the keys and the triggers: each change has its
/// author, its events and its line of the audit, in one commit.
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

    /// Adds or removes a thing, or makes a command.
    ///
    /// - Throws: ``StoreError``; after ``StoreError/unavailable(_:)`` the change may have been made.
    package func apply(_ action: Change.Action, _ subject: Change.Subject, author: Author) async throws(StoreError) {
        let change = withEvents(Change(action, subject, audited: author.entry(action, subject)), author)
        switch subject {
        case .organization, .panel, .door: try await directory.apply(change, through: intake)
        case .trigger: try await triggers.apply(change, through: intake)
        case .key: try await keys.apply(change, through: intake)
        case .command: try await intake.commit(change)
        }
    }

    /// Changes a thing. The change is worked out when its turn has come, from the thing as it is then, so that it takes
    /// back no other change. Where it changes nothing, nothing is written and told.
    ///
    /// - Parameters:
    ///   - seen: the thing as the caller found it.
    ///   - next: works out the thing as it is to be. It is called twice: for the caller at once, and in its turn.
    /// - Throws: what `next` throws; ``StoreError``, ``StoreError/missing`` where the thing is gone.
    package func change<Thing: ChangedThing>(
        _ seen: Thing, author: Author, to next: (Thing) throws -> Thing
    ) async throws -> Thing {
        // What is wrong with the request is told without a turn.
        _ = try next(seen)
        var changed: Result<Thing, any Error> = .failure(StoreError.missing)
        let work = { (present: Change.Subject?) -> Change? in
            guard let present = present.flatMap({ Thing(changing: $0) }) else { return nil }
            changed = Result { try next(present) }
            guard case .success(let thing) = changed, thing != present else { return nil }
            let names = names(of: thing.subject, differingFrom: present.subject)
            return withEvents(
                Change(.change, thing.subject, audited: author.entry(.change, thing.subject)?.naming(names)), author)
        }
        switch seen.subject {
        case .organization, .panel, .door:
            try await directory.apply(to: seen.subject, through: intake, workingOut: work)
        case .trigger: try await triggers.apply(to: seen.subject, through: intake, workingOut: work)
        case .key: try await keys.apply(to: seen.subject, through: intake, workingOut: work)
        case .command: break
        }
        return try changed.get()
    }

    /// The change with the events that tell of it.
    private func withEvents(_ change: Change, _ author: Author) -> Change {
        var change = change
        change.events = DirectoryEvents(by: author, in: directory.directory).events(of: change)
        return change
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
