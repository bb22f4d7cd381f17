/// Makes changes durable: every change of a thing that has an audit entry or raises events is made here.
public protocol ChangeStore: Sendable {
    /// Makes one change, and writes its events with all deliveries that they owe and its audit entry: all or nothing.
    ///
    /// A change of an organization keeps its place in the tree, one of a panel its organization, one of a door its
    /// panel, one of a key or trigger its organization and secret. An accepted key stays accepted, an ended command can
    /// no longer be changed, and no command is removed. A change of a subscription replaces its terms and its hold. The
    /// removal of a subscription cancels its waiting deliveries; its history stays.
    ///
    /// - Parameter changeEvents: the change's events with what they owe; nil for none.
    /// - Throws: ``StoreError/missing`` if the subject, or what it belongs to, does not exist;
    ///   ``StoreError/conflict(index:_:field:)`` if an id, a door's number or an asker's repetition key is taken, if
    ///   another caller accepted the key first, if the present revision of a changed subscription or integration is not
    ///   one below the given one, if an integration to found already exists, if one to join does not exist or differs
    ///   from the given one, or if something belongs to what is to be removed: organizations, panels, keys, triggers or
    ///   subscriptions to an organization, doors to a panel; ``StoreError/urlTaken(by:)`` if the
    ///   ``StoredSubscription/urlRule`` of an added or changed subscription is broken.
    func apply(_ change: Change, events changeEvents: ChangeEvents?) async throws(StoreError) -> Change.Result
}

extension ChangeStore {
    /// Makes one change without an event and without an audit entry.
    ///
    /// - Throws: the errors of ``apply(_:events:)``.
    public func apply(_ action: Change.Action, _ subject: Change.Subject) async throws(StoreError) {
        _ = try await apply(Change(action, subject), events: nil)
    }
}
