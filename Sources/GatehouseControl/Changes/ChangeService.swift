package import GatehouseCore

/// The one way in which callers change the directory, the keys and the triggers: each change has its author, its events
/// and its audit entry, in one commit. ``SubscriptionService`` does the same with subscriptions, whose changes go side
/// by side.
package struct ChangeService: Sendable {
    let registries: Registries
    let intake: any ChangeIntake

    /// Joins the parts.
    package init(_ registries: Registries, intake: any ChangeIntake) {
        self.registries = registries
        self.intake = intake
    }

    /// Adds or removes a thing.
    ///
    /// - Throws: ``StoreError``; after ``StoreError/unavailable(_:)`` the change may have been made.
    package func apply<Thing: ChangedThing>(
        _ action: Change.Action, _ thing: Thing, author: Author
    ) async throws(StoreError) {
        let change = Change(action, thing.subject, audited: author.entry(action, thing.subject))
        try await Thing.registry(in: registries).apply(withEvents(change, author), through: intake)
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
        let registry = Thing.registry(in: registries)
        try await registry.apply(to: seen.subject, through: intake) { present in
            guard let present = present.flatMap({ Thing(changing: $0) }) else { return nil }
            changed = Result { try next(present) }
            guard case .success(let thing) = changed, thing != present else { return nil }
            let names = Thing.fields.names(of: thing, differingFrom: present)
            return withEvents(
                Change(.change, thing.subject, audited: author.entry(.change, thing.subject)?.naming(names)), author)
        }
        return try changed.get()
    }

    /// The change with the events that tell of it.
    private func withEvents(_ change: Change, _ author: Author) -> Change {
        var change = change
        change.events = DirectoryEvents(by: author, in: registries.directory.directory).events(of: change)
        return change
    }
}
