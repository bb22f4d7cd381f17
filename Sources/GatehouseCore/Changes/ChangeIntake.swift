/// Accepts changes: matches their events with the subscriptions, and returns when all of it is durable.
public protocol ChangeIntake: Sendable {
    /// Makes a change durable with its audit entry, its events, and every delivery that these owe: all of it or
    /// nothing.
    ///
    /// - Throws: the errors of ``ChangeStore/apply(_:events:)``.
    @discardableResult
    func commit(_ change: Change) async throws(StoreError) -> Change.Result
}
