import GatehouseCore

extension MemoryStore: SessionStore {
    func add(_ session: StoredSession, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try transaction { state in
            state.sessions = state.sessions.filter { $0.value.expires > now }
            state.note(audited)
            return .success(state.sessions[session.hash] = session)
        }
    }

    func session(_ hash: [UInt8]) async throws(StoreError) -> StoredSession? {
        try transaction { .success($0.sessions[hash]) }
    }

    func removeSession(_ hash: [UInt8]) async throws(StoreError) {
        try transaction { state in
            state.sessionRemovals += 1
            return .success(state.sessions[hash] = nil)
        }
    }
}
