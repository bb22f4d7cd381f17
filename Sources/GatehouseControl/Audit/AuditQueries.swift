package import GatehouseCore

/// Who did what to which thing, when and from where. What is only counted so far is written down before it is read.
package struct AuditQueries: Sendable {
    let store: any AuditStore
    let tallies: [any Tally]
    /// How long the audit is kept.
    package let retention: Duration

    /// Joins the parts.
    package init(store: any AuditStore, tallies: [any Tally], retention: Duration) {
        self.store = store
        self.tallies = tallies
        self.retention = retention
    }

    /// Entries, newest first. - Throws: ``StoreError``.
    package func entries(_ filter: AuditFilter, at now: Instant) async throws(StoreError) -> [AuditRecord] {
        try await settle(at: now)
        return try await store.audit(filter)
    }

    /// Holds all entries against the chain, and says whether a link that the caller knows from before is in it.
    ///
    /// - Throws: ``StoreError``.
    package func proof(knowing link: [UInt8]?, at now: Instant) async throws(StoreError) -> AuditProof {
        try await settle(at: now)
        return try await store.proveAudit(knowing: link)
    }

    private func settle(at now: Instant) async throws(StoreError) {
        for tally in tallies { try await tally.settle(.all, at: now) }
    }
}
