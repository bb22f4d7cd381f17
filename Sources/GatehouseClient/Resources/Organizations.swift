public import GatehouseCore

extension APIClient {
    /// `/v1/organizations`: the trees of tenants that everything else belongs to.
    public struct Organizations: Sendable {
        let client: APIClient

        /// The organizations that the key reaches.
        public func list() -> List<Organization> { List(client: client, path: "/v1/organizations") }

        /// One organization.
        public func show(_ id: String) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes an organization.
        public func create(_ draft: OrganizationDraft) async throws(GatehouseError) -> Organization {
            try await create(draft.json)
        }

        /// Makes an organization by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.post, "/v1/organizations", json: body))
        }

        /// Changes what the changes name, as `["timeZone": "Europe/Lisbon"]`.
        public func change(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes an organization to which nothing belongs any more; its events stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/organizations", id) }
    }
}
