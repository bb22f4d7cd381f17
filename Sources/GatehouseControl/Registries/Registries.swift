package import GatehouseCore
package import Logging

/// Every registry of a gateway, opened together, and the notifier by which they tell and hear of changes.
package struct Registries: Sendable {
    /// What registries are read from.
    package typealias Store = DirectoryStore & SubscriptionStore & CredentialStore

    /// Organizations, panels and doors.
    package let directory: DirectoryRegistry
    /// Who wants what, where.
    package let subscriptions: SubscriptionRegistry
    /// Who may call.
    package let keys: KeyRegistry
    /// Secret URLs.
    package let triggers: TriggerRegistry
    /// Where changes are told.
    package let notifier: any Notifier

    /// Reads everything from the store.
    ///
    /// - Parameters:
    ///   - admin: the credential of the configuration's key, see ``KeyRegistry``; nil for none.
    ///   - timeZones: tells the offsets of time zones; without it times stay in UTC.
    /// - Throws: ``StoreError``, ``StoreError/corrupt(_:)`` where something cannot be read.
    package init(
        opening store: any Store, dialects: DialectTable, admin: Secret? = nil, now: Instant,
        timeZones: (any TimeZones)? = nil, notifier: any Notifier = LocalNotifier()
    ) async throws(StoreError) {
        self.notifier = notifier
        directory = try await DirectoryRegistry(opening: store, timeZones: timeZones)
        subscriptions = try await SubscriptionRegistry(opening: store, dialects: dialects, notifier: notifier)
        keys = try await KeyRegistry(opening: store, admin: admin, now: now)
        triggers = try await TriggerRegistry(opening: store)
    }

    /// Reads one registry again. - Throws: ``StoreError``; then it is as it was.
    package func refresh(_ name: RegistryName, since known: Generation? = nil) async throws(StoreError) {
        switch name {
        case .directory: try await directory.refresh(since: known)
        case .subscriptions: try await subscriptions.refresh(since: known)
        case .keys: try await keys.refresh(since: known)
        case .triggers: try await triggers.refresh(since: known)
        }
    }

    /// How often a gateway looks for registries in doubt. A look costs nothing when there is none.
    package static let doubtInterval = Duration.seconds(1)

    /// Reads each registry again that may lack a change of this gateway, because the store was away when the change was
    /// made, and when it was to be read again. So a deleted key gives no access as soon as the store is back.
    ///
    /// - Throws: the first ``StoreError``, after all were tried; the next call tries again.
    package func settleDoubts() async throws(StoreError) {
        var failure: StoreError?
        let settlings: [() async throws(StoreError) -> Void] = [
            keys.settleDoubt, directory.settleDoubt, subscriptions.settleDoubt, triggers.settleDoubt,
        ]
        for settle in settlings {
            do throws(StoreError) { try await settle() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Reads a registry again whenever ``Hint/registryStale(_:)`` says that the store has more of it.
    package func followHints(_ logger: Logger) {
        notifier.observe { hint in
            guard case .registryStale(let name) = hint else { return }
            Task {
                do {
                    try await refresh(name)
                } catch {
                    logger.warning(
                        "a registry could not be read again",
                        metadata: ["registry": "\(name.rawValue)", "error": "\(error)"])
                }
            }
        }
    }
}
