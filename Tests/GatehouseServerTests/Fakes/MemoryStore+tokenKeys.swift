import GatehouseCore

extension MemoryStore: TokenKeyStore {
    func tokenKeys() async throws(StoreError) -> [TokenKey] {
        change { $0.tokenKeyReads += 1 }
        return try transaction { .success($0.tokenKeys.sorted { $0.created < $1.created }) }
    }

    func add(_ key: TokenKey) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard !state.tokenKeys.contains(where: { $0.id == key.id }) else {
                return .failure(.conflict(index: nil, "the id is taken"))
            }
            return .success(state.tokenKeys.append(key))
        }
    }

    func removeTokenKeys(olderThan instant: Instant) async throws(StoreError) {
        try transaction { .success($0.tokenKeys.removeAll { $0.created < instant }) }
    }
}
