import GatehouseCore

extension MemoryStore: ErasureStore {
    func begin(_ wish: Erasure.Wish, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Erasure {
        try transaction { state in
            if let same = state.erasures.first(where: { $0.wish == wish && $0.ended == nil }) { return .success(same) }
            let erasure = Erasure(
                number: Int64(state.erasures.count) + 1, wish: wish, begun: now, upTo: EventPosition(9),
                reached: EventPosition(0), events: 0, ended: nil)
            state.erasures.append(erasure)
            state.note(audited)
            return .success(erasure)
        }
    }

    func erasures() async throws(StoreError) -> [Erasure] {
        try transaction { .success($0.erasures.filter { $0.ended == nil }) }
    }

    func erasure(of person: String, in organization: OrganizationID) async throws(StoreError) -> Erasure? {
        try transaction { state in
            .success(state.erasures.last { $0.wish.person == person && $0.wish.organization == organization })
        }
    }

    // What the delivery room asks; the server must not.
    func advance(_ erasure: Int64, at now: Instant) async throws(StoreError) -> Erasure? { throw .missing }
}
