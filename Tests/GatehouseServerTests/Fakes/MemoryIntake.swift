import GatehouseCore
import Synchronization

/// Takes events into memory: all or none, once by organization, source and id.
final class MemoryIntake: Intake, Sendable {
    struct State {
        var taken: [AdmittedEvent] = []
        var refusal: StoreError?
    }

    private let state = Mutex(State())
    private let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    var taken: [Event] { state.withLock { $0.taken.map(\.event) } }

    func refuse(with error: StoreError?) { state.withLock { $0.refusal = error } }

    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt] {
        let result: Result<[Receipt], StoreError> = state.withLock { state in
            if let refusal = state.refusal { return .failure(refusal) }
            var next = state.taken
            var receipts: [Receipt] = []
            for (index, admitted) in events.enumerated() {
                let known = next.first { Self.isSame($0.event, admitted.event) }
                if let known, known.digest != admitted.digest {
                    return .failure(.conflict(index: index, "the id was used before with another content"))
                }
                let event = known?.event ?? admitted.event
                if known == nil { next.append(admitted) }
                receipts.append(
                    Receipt(
                        event: event.id, sourceID: event.sourceID, source: event.source, deliveries: 1,
                        isDuplicate: known != nil))
            }
            state.taken = next
            return .success(receipts)
        }
        return try result.get()
    }

    func commit(_ change: Change, telling events: [AdmittedEvent]) async throws(StoreError) {
        _ = try await store.apply(change, telling: nil)
        state.withLock { $0.taken += events }
    }

    private static func isSame(_ left: Event, _ right: Event) -> Bool {
        left.organization == right.organization && left.source == right.source && left.sourceID == right.sourceID
    }
}
