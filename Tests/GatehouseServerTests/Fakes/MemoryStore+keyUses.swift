import GatehouseCore

extension MemoryStore: KeyUseStore {
    func keyUses() async throws(StoreError) -> [KeyID: Instant] { try transaction { .success($0.uses) } }

    func keep(_ uses: [KeyID: Instant]) async throws(StoreError) {
        try transaction { state in
            let kept = uses.filter { state.keys[$0.key] != nil }
            return .success(state.uses.merge(kept) { max($0, $1) })
        }
    }
}
