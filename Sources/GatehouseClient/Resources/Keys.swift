public import GatehouseCore

extension APIClient {
    /// `/v1/keys`: who may call.
    public struct Keys: Sendable {
        let client: APIClient

        /// The keys of the organizations that the key reaches, or of one and all below it.
        public func list(organization: String? = nil) -> List<Key> {
            List(client: client, path: "/v1/keys", [("organization", organization)])
        }

        /// One key, never what it proves itself with.
        public func show(_ id: String) async throws(GatehouseError) -> Key {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes a key; ``Key/credential`` is in this answer and never again.
        public func create(_ draft: KeyDraft) async throws(GatehouseError) -> Key { try await create(draft.json) }

        /// Makes a key by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.post, "/v1/keys", json: body))
        }

        /// Changes what the changes name, as `["rate": 600, "expiresAt": nil]`; the credential stays.
        public func change(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Revokes a key: nobody is let in by it any more.
        public func revoke(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/keys", id) }
    }
}
