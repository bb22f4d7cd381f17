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
                let sharing = next.filter { Self.isSame($0.event, admitted.event) }
                let known = sharing.first { $0.digest == admitted.digest }
                let isConflict = known == nil && !sharing.isEmpty
                guard !isConflict || admitted.event.lane == .urgent else {
                    return .failure(.conflict(index: index, "the id was used before with another content"))
                }
                let event = known?.event ?? admitted.event.flagged(isConflict ? .conflict : nil)
                if known == nil { next.append(AdmittedEvent(event: event, digest: admitted.digest)) }
                var receipt = Receipt(
                    event: event.id, sourceID: event.sourceID, source: event.source, deliveries: 1,
                    isDuplicate: known != nil)
                receipt.flag = event.flag
                receipts.append(receipt)
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
