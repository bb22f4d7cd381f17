import GatehouseCore

extension MemoryStore.State {
    mutating func note(_ entry: AuditEntry?) {
        if let entry { audit.append(entry) }
    }
}

extension MemoryStore: AuditStore {
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord] {
        try transaction { state in
            let found = state.audit.enumerated().map { AuditRecord(number: Int64($0.offset) + 1, entry: $0.element) }
                .filter { record in
                    let organization = record.entry.organization
                    return (filter.organizations.map { all in organization.map(all.contains) ?? false } ?? true)
                        && record.entry.time >= filter.since ?? record.entry.time
                        && (filter.until.map { record.entry.time < $0 } ?? true)
                        && (filter.before.map { record.number < $0 } ?? true)
                }
            return .success(Array(found.reversed().prefix(filter.limit)))
        }
    }

    func note(_ entries: [AuditEntry]) async throws(StoreError) {
        try transaction { state in
            for entry in entries { state.note(entry) }
            return .success(())
        }
    }

    /// There is no chain here: one link, which nobody has broken.
    func proveAudit(knowing link: [UInt8]?) async throws(StoreError) -> AuditProof {
        try transaction { state in
            let head = [UInt8](repeating: 7, count: 32)
            let pruned = state.prunedUpTo > 0 ? state.prunedUpTo : nil
            let hasKnown = link.flatMap { $0 == head ? true : pruned == nil ? false : nil }
            return .success(
                AuditProof(
                    entries: state.audit.count, links: 1, head: head, hasKnown: hasKnown, broken: nil,
                    prunedUpTo: pruned))
        }
    }
}
