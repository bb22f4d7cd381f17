public import GatehouseCore

/// The triggers as the gateway knows them, and the one way to change them: the store first, then the memory.
///
/// Only hashes are held. A secret is compared in constant time, also where there is no trigger of that name, so that
/// the time of a refusal tells nothing.
public final class TriggerRegistry: Sendable {
    private let live: Snapshot<[TriggerID: Trigger]>
    private let turns = AsyncMutex()

    /// Reads all triggers from the store.
    public init(opening store: any DirectoryStore) async throws(StoreError) {
        let triggers = try await store.triggers()
        self.live = Snapshot(Dictionary(triggers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Every trigger, in no order.
    public var triggers: [Trigger] { Array(live.value.values) }

    /// The trigger of that identifier.
    public subscript(id: TriggerID) -> Trigger? { live.value[id] }

    /// The trigger that a URL names and proves; nil where it proves none, or one that is not active.
    func trigger(_ id: TriggerID, provenBy secret: String) -> Trigger? {
        let candidate = live.value[id]
        let isProved = ConstantTime.equal(candidate?.hash ?? Self.nobodys, Credential.hash(secret))
        guard let candidate, isProved, candidate.isActive else { return nil }
        return candidate
    }

    private static let nobodys = [UInt8](repeating: 0, count: 32)

    /// Makes, changes or takes out a trigger durably; requests that are under way end as they began.
    ///
    /// - Throws: what ``DirectoryStore/apply(_:telling:)`` throws; then nothing has changed.
    func apply(_ change: Change, through intake: any Intake) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await intake.commit(change, telling: [])
            guard case .trigger(let trigger) = change.subject else { return }
            live.update { $0[trigger.id] = change.action == .remove ? nil : trigger }
        }
    }
}
