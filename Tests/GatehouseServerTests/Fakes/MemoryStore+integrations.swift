import GatehouseCore

extension MemoryStore {
    func integrations() async throws(StoreError) -> [Integration] {
        try transaction { .success(Array($0.integrations.values)) }
    }

    func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership, audited: AuditEntry?
    ) async throws(StoreError) -> Int64 {
        try transaction { state -> Swift.Result<Int64, StoreError> in
            let present = state.integrations[membership.integration.name]
            let isRight =
                switch membership {
                case .founding: present == nil
                case .joining(let integration): present == integration
                }
            guard isRight else { return .failure(.conflict(index: nil, "the integration changed meanwhile")) }
            guard state.subscriptions[subscription.identity.id] == nil else {
                return .failure(.conflict(index: nil, "the subscription is there already"))
            }
            if let other = MemoryRules.sameURL(as: subscription, in: state) { return .failure(.urlTaken(by: other)) }
            state.integrations[membership.integration.name] = membership.integration
            state.subscriptions[subscription.identity.id] = subscription
            state.note(audited)
            return .success(Int64(state.subscriptions.count))
        }
    }

    func rotate(
        _ integration: Integration, changing subscriptions: [StoredSubscription], audited: AuditEntry?
    ) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            let isNext = state.integrations[integration.name]?.revision == integration.revision - 1
            let areNext = subscriptions.allSatisfy { next in
                state.subscriptions[next.identity.id].map { $0.revision == next.revision - 1 } ?? false
            }
            guard isNext, areNext else { return .failure(.conflict(index: nil, "it changed meanwhile")) }
            state.integrations[integration.name] = integration
            for next in subscriptions { state.subscriptions[next.identity.id] = next }
            state.note(audited)
            return .success(())
        }
    }
}
