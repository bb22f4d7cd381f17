public import GatehouseCore

extension APIClient {
    /// `/v1/subscriptions`: who wants what, where, in which dialect.
    public struct Subscriptions: Sendable {
        let client: APIClient

        /// The subscriptions that the key reaches, or those of an organization and all below it.
        public func list(organization: String? = nil) -> List<Subscription> {
            List(client: client, path: "/v1/subscriptions", [("organization", organization)])
        }

        /// One subscription, never its secret.
        ///
        /// - Parameter reveal: whether to show what stands as `•••` otherwise: what is behind the URL's host, the
        ///   values of headers, user, password and token. For managers, and audited.
        public func show(_ id: String, reveal: Bool = false) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.get, try path(id), [("reveal", reveal ? "true" : nil)]))
        }

        /// Makes a subscription; ``Subscription/secret`` is in this answer and never again.
        public func add(_ draft: SubscriptionDraft) async throws(GatehouseError) -> Subscription {
            try await add(draft.json)
        }

        /// Makes a subscription by the fields of the API.
        public func add(_ body: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.post, "/v1/subscriptions", json: body))
        }

        /// Changes what the changes name, as `["timeout": 5000, "expiresAt": nil]` (RFC 7396).
        public func change(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes a subscription; what waits for it is cancelled.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        /// Holds deliveries back; everything stays owed.
        @discardableResult
        public func pause(_ id: String) async throws(GatehouseError) -> Subscription {
            try await client.value(harmless(try path(id, "/pause")))
        }

        /// Lets deliveries go again, whoever held them back.
        @discardableResult
        public func resume(_ id: String) async throws(GatehouseError) -> Subscription {
            try await client.value(harmless(try path(id, "/resume")))
        }

        /// Sends the receiver a test event now, and tells what that met; nothing of it is kept.
        public func test(_ id: String) async throws(GatehouseError) -> Trial {
            var call = Call(.post, try path(id, "/test"))
            call.timeout = client.settings.testTimeout
            return try await client.value(call)
        }

        /// Gives a subscription another secret; ``Subscription/secret`` is in this answer and never again. It is not
        /// asked twice for want of an answer: the second secret would push out the one that still signs beside it.
        ///
        /// - Parameters:
        ///   - secret: the new one; left out, the dialect makes one where it does.
        ///   - effectiveAt: when it takes over, in dialects where not both sign for a while.
        public func rotateSecret(
            _ id: String, to secret: String? = nil, effectiveAt: Instant? = nil
        ) async throws(GatehouseError) -> Subscription {
            var body = JSONObject()
            body.put("secret", secret.map { .string($0) })
            body.put("effectiveAt", effectiveAt.map { .string(RFC3339.text($0)) })
            return try await rotateSecret(id, .object(body))
        }

        /// Gives a subscription another secret, by the members of the API.
        public func rotateSecret(_ id: String, _ body: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.post, try path(id, "/rotate-secret"), json: body))
        }

        /// What leads to the same state however often it is asked.
        private func harmless(_ path: String) -> Call {
            var call = Call(.post, path)
            call.repetition = .harmless
            return call
        }

        private func path(_ id: String, _ rest: String = "") throws(GatehouseError) -> String {
            try Call.path("/v1/subscriptions", id, rest)
        }
    }
}
