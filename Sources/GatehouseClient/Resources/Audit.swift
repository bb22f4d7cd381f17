extension APIClient {
    /// `/v1/audit`: who did what to which thing, when and from where.
    public struct Audit: Sendable {
        let client: APIClient

        /// Entries, newest first, of the organizations that the key reaches, or of one and all below it.
        ///
        /// - Parameters:
        ///   - since: only from this time on, by ISO 8601, in UTC where it names no zone: `2026-03-11T08:15:30Z`.
        ///   - until: only before this time, spelled so too.
        public func list(
            organization: String? = nil, since: String? = nil, until: String? = nil
        ) -> List<AuditEntry> {
            List(
                client: client, path: "/v1/audit",
                [("organization", organization), ("since", since), ("until", until)])
        }

        /// Holds the audit against its chain.
        ///
        /// - Parameter known: the ``AuditProof/head`` of an earlier time, to learn whether all of then is still there.
        public func prove(known: String? = nil) async throws(GatehouseError) -> AuditProof {
            try await client.value(Call(.get, "/v1/audit/proof", [("known", known)]))
        }
    }
}
