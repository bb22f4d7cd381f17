package import GatehouseCore

/// The triggers as the gateway knows them, and the one way to change them.
///
/// Only hashes are held. A secret is compared in constant time, also where there is no trigger of that name, so that
/// the time of a refusal tells nothing.
package final class TriggerRegistry: ChangeRegistry {
    private let registry: Registry<TriggerTable>

    /// Reads all triggers from the store.
    package init(opening store: any DirectoryStore) async throws(StoreError) {
        registry = try await Registry { () async throws(StoreError) -> TriggerTable in
            TriggerTable(try await store.triggers())
        }
    }

    /// Every trigger, in no order.
    package var triggers: [Trigger] { Array(registry.table.triggers.values) }

    /// The trigger of that identifier.
    package subscript(id: TriggerID) -> Trigger? { registry.table.triggers[id] }

    /// The trigger that a URL names and proves; nil where it proves none, or one that is not active.
    package func trigger(_ id: TriggerID, provenBy secret: String) -> Trigger? {
        let candidate = self[id]
        let isProved = ConstantTime.equal(candidate?.hash ?? Self.noTrigger, Credential.hash(secret))
        guard let candidate, isProved, candidate.isActive else { return nil }
        return candidate
    }

    private static let noTrigger = [UInt8](repeating: 0, count: 32)

    /// Makes, changes or takes out a trigger durably; requests that are under way end as they began.
    ///
    /// - Throws: what ``ChangeStore/apply(_:events:)`` throws; see ``Registry/change(_:following:)``.
    package func apply(_ change: Change, through intake: any ChangeIntake) async throws(StoreError) {
        try await registry.apply(change, through: intake)
    }

    /// Makes a change that is worked out in its turn, see ``Registry/apply(to:through:workingOut:)``.
    package func apply(
        to subject: Change.Subject, through intake: any ChangeIntake, workingOut work: (Change.Subject?) -> Change?
    ) async throws(StoreError) {
        try await registry.apply(to: subject, through: intake, workingOut: work)
    }

    /// Reads the triggers again. - Throws: ``StoreError``; then they are as they were.
    package func refresh(since known: Generation? = nil) async throws(StoreError) {
        try await registry.refresh(since: known)
    }

    /// Reads again if needed, see ``Registry/settleDoubt()``.
    func settleDoubt() async throws(StoreError) { try await registry.settleDoubt() }
}

/// All triggers by their ids.
struct TriggerTable: ChangedTable {
    private(set) var triggers: [TriggerID: Trigger]

    init(_ triggers: [Trigger]) {
        self.triggers = Dictionary(triggers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func present(_ subject: Change.Subject) -> Change.Subject? {
        guard case .trigger(let trigger) = subject else { return nil }
        return triggers[trigger.id].map { .trigger($0) }
    }

    mutating func make(_ change: Change) -> [TriggerID] {
        guard case .trigger(let trigger) = change.subject else { return [] }
        triggers[trigger.id] = change.action == .remove ? nil : trigger
        return [trigger.id]
    }

    mutating func replace(by stored: TriggerTable) -> [TriggerID] {
        let names = triggers.differing(from: stored.triggers)
        self = stored
        return names
    }
}
