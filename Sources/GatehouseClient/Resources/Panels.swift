public import GatehouseCore

extension APIClient {
    /// `/v1/panels`: the controllers that doors hang on. `organization` chooses where several have a panel of that id.
    public struct Panels: Sendable {
        let client: APIClient

        /// The panels that the key reaches, or those of an organization and all below it.
        public func list(organization: String? = nil) -> List<Panel> {
            List(client: client, path: "/v1/panels", [("organization", organization)])
        }

        /// One panel.
        public func show(_ id: String, organization: String? = nil) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.get, try path(id), [("organization", organization)]))
        }

        /// Makes a panel.
        public func create(_ draft: PanelDraft) async throws(GatehouseError) -> Panel { try await create(draft.json) }

        /// Makes a panel by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.post, "/v1/panels", json: body))
        }

        /// Changes what the changes name; null takes a number or a time zone away.
        public func change(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a panel on which no door hangs any more; its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/panels", id) }
    }
}
