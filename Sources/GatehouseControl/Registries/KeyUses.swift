package import GatehouseCore

/// When each key was last used, as this gateway knows it.
///
/// A request notes it in memory; housekeeping writes what is new into the store once a minute for all keys together, so
/// that no request writes for it. A gateway that is killed forgets a minute at most.
package final class KeyUses: Sendable {
    private struct State {
        var known: [KeyID: Instant]
        var unkept: Set<KeyID> = []
    }

    private let store: any CredentialStore
    private let state: Snapshot<State>

    /// Reads what was kept.
    package init(opening store: any CredentialStore) async throws(StoreError) {
        self.store = store
        self.state = Snapshot(State(known: try await store.keyUses()))
    }

    /// When a key was last used; nil where no use is known.
    package subscript(id: KeyID) -> Instant? { state.value.known[id] }

    /// Notes a use.
    package func note(_ id: KeyID, at now: Instant) {
        state.update { state in
            if let known = state.known[id], known >= now { return }
            state.known[id] = now
            state.unkept.insert(id)
        }
    }

    /// Forgets a key that is gone.
    package func forget(_ id: KeyID) {
        state.update { state in
            state.known[id] = nil
            state.unkept.remove(id)
        }
    }

    /// Makes what was noted durable. - Throws: what the store throws; then the next call has it to do.
    package func keep() async throws(StoreError) {
        let uses = state.update { state in
            let uses = state.known.filter { state.unkept.contains($0.key) }
            state.unkept = []
            return uses
        }
        guard !uses.isEmpty else { return }
        do {
            try await store.keep(uses)
        } catch {
            state.update { state in state.unkept.formUnion(uses.keys.filter { state.known[$0] != nil }) }
            throw error
        }
    }
}
