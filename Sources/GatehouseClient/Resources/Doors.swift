public import GatehouseCore

extension APIClient {
    /// `/v1/doors`: what people pass. `organization` chooses where several have a door of that id.
    public struct Doors: Sendable {
        let client: APIClient

        /// The doors that the key reaches, or those of an organization and all below it, or of a panel.
        public func list(organization: String? = nil, panel: String? = nil) -> List<Door> {
            List(client: client, path: "/v1/doors", [("organization", organization), ("panel", panel)])
        }

        /// One door.
        ///
        /// - Parameter reveal: whether to show what is secret of its driver, which stands as `•••` otherwise. For
        ///   managers, and audited.
        public func show(
            _ id: String, organization: String? = nil, reveal: Bool = false
        ) async throws(GatehouseError) -> Door {
            try await client.value(
                Call(.get, try path(id), [("organization", organization), ("reveal", reveal ? "true" : nil)]))
        }

        /// Makes a door.
        public func create(_ draft: DoorDraft) async throws(GatehouseError) -> Door { try await create(draft.json) }

        /// Makes a door by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Door {
            try await client.value(Call(.post, "/v1/doors", json: body))
        }

        /// Changes what the changes name, as `["name": "Main lobby", "driver": nil]`; null takes away.
        public func change(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Door {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a door; its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        /// Tells a door to open, once, however often the request has to be sent.
        ///
        /// - Parameter idempotencyKey: stands for the wish; the same wish told again later has the same. Left out, one
        ///   is made for this call.
        /// - Throws: ``GatehouseError/refused(_:)`` with the status 403 where the door refused, 501 where it cannot be
        ///   told, 504 where it gave no answer; ``GatehouseError/unanswered(_:)`` where it is not known.
        public func unlock(
            _ id: String, organization: String? = nil, idempotencyKey: String? = nil
        ) async throws(GatehouseError) -> Unlocking {
            var call = Call(.post, try Call.path("/v1/doors", id, "/unlock"), [("organization", organization)])
            let random = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
            let wish = idempotencyKey ?? "wish-\(Hex.text(random))"
            guard (1...255).contains(wish.utf8.count), wish.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .misuse("an Idempotency-Key has 1 to 255 visible characters of ASCII")
            }
            call.idempotencyKey = wish
            call.repetition = .harmless
            return try await client.value(call)
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/doors", id) }
    }
}
