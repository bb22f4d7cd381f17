package import GatehouseCore

/// A registry whose things are changed by a ``Change``, one after the other.
package protocol ChangeRegistry: Sendable {
    /// Makes a change durably, with its audit entry and its events. The memory follows the store before the next change
    /// has its turn.
    ///
    /// - Throws: the errors of ``ChangeStore/apply(_:events:)``; see ``Registry/change(_:following:)``.
    func apply(_ change: Change, through intake: any ChangeIntake) async throws(StoreError)

    /// Makes a change that is worked out when its turn has come, from the thing as it is then.
    ///
    /// - Parameter work: is given the thing of that id, nil if there is none; returns nil for no change.
    /// - Throws: the errors of ``ChangeStore/apply(_:events:)``; see ``Registry/change(_:following:)``.
    func apply(
        to subject: Change.Subject, through intake: any ChangeIntake, workingOut work: (Change.Subject?) -> Change?
    ) async throws(StoreError)
}

/// A table of things that are changed by a ``Change``.
protocol ChangedTable: RegistryTable {
    /// The thing that a change is about, as it is in the table; nil where the table has none of that id.
    func present(_ subject: Change.Subject) -> Change.Subject?

    /// Follows a change that the store made, and names the changed thing.
    mutating func make(_ change: Change) -> [Name]
}

extension Registry where Table: ChangedTable {
    /// Makes a change durably, with its line of the audit and its events.
    ///
    /// - Throws: what ``change(_:following:)`` throws.
    func apply(_ change: Change, through intake: any ChangeIntake) async throws(StoreError) {
        try await apply(to: change.subject, through: intake) { _ in change }
    }

    /// Makes a change that is worked out when its turn has come, from the thing as it is then.
    ///
    /// - Parameter work: is handed the thing of that id, nil where there is none; returns nil for no change.
    /// - Throws: what ``change(_:following:)`` throws.
    func apply(
        to subject: Change.Subject, through intake: any ChangeIntake, workingOut work: (Change.Subject?) -> Change?
    ) async throws(StoreError) {
        _ = try await self.change { table throws(StoreError) -> Change? in
            guard let change = work(table.present(subject)) else { return nil }
            try await intake.commit(change)
            return change
        } following: { table, change in
            change.map { table.make($0) } ?? []
        }
    }
}
