public import GatehouseCore

extension APIClient {
    /// `/v1/triggers`: secret URLs and what they may do.
    public struct Triggers: Sendable {
        let client: APIClient

        /// The triggers that the key reaches, or those of an organization and all below it.
        public func list(organization: String? = nil) -> List<Trigger> {
            List(client: client, path: "/v1/triggers", [("organization", organization)])
        }

        /// One trigger, never its secret.
        public func show(_ id: String) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes a trigger; ``Trigger/urls`` are in this answer and never again.
        public func create(_ draft: TriggerDraft) async throws(GatehouseError) -> Trigger {
            try await create(draft.json)
        }

        /// Makes a trigger by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.post, "/v1/triggers", json: body))
        }

        /// Changes what the changes name, as `["active": false, "doors": nil]`; its URL stays.
        public func change(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes a trigger: its URL leads nowhere any more. Subscriptions that it made stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/triggers", id) }
    }
}
