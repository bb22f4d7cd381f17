public import GatehouseCore

extension APIClient {
    /// `/v1/deliveries`: what became of every event that was owed to somebody.
    public struct Deliveries: Sendable {
        let client: APIClient

        /// Deliveries, newest first.
        public func list(_ filter: DeliveryFilter) -> List<Delivery> {
            List(client: client, path: "/v1/deliveries", filter.query)
        }

        /// Deliveries to one subscription, of one event or in one state, newest first.
        public func list(
            subscription: String? = nil, event: String? = nil, state: Delivery.State? = nil
        ) -> List<Delivery> {
            var filter = DeliveryFilter()
            (filter.subscription, filter.event, filter.state) = (subscription, event, state)
            return list(filter)
        }

        /// One delivery with every attempt.
        public func show(_ id: String) async throws(GatehouseError) -> Delivery {
            try await client.value(Call(.get, try Call.path("/v1/deliveries", id)))
        }

        /// Makes a delivery due at once: one that waits, or a dead one, whose schedule begins anew. It is not asked
        /// twice: the second might begin it once more.
        public func retry(_ id: String) async throws(GatehouseError) -> Delivery {
            try await client.value(Call(.post, try Call.path("/v1/deliveries", id, "/retry")))
        }

        /// Cancels a delivery that waits or is dead.
        public func cancel(_ id: String) async throws(GatehouseError) -> Delivery {
            try await client.value(Call(.post, try Call.path("/v1/deliveries", id, "/cancel")))
        }

        /// Makes all of a subscription's that are in a state due at once, those that are dead where none is named; or
        /// counts them. Asked twice, the second finds what is left.
        ///
        /// - Parameters:
        ///   - since: those that came to be owed at that instant or later.
        ///   - until: those that came to be owed before that instant.
        public func retry(
            of subscription: String, _ state: Delivery.State = .dead, since: Instant? = nil, until: Instant? = nil,
            isDryRun: Bool = false
        ) async throws(GatehouseError) -> Moved {
            var body = Self.selection(subscription, since, until, isDryRun)
            body["state"] = .string(state.rawValue)
            return try await move("retry", body)
        }

        /// Cancels all of a subscription's that are in a state, those that wait where none is named; or counts them.
        /// Dead ones need no attention from then on.
        ///
        /// - Parameters:
        ///   - since: those that came to be owed at that instant or later.
        ///   - until: those that came to be owed before that instant.
        public func cancel(
            of subscription: String, _ state: Delivery.State = .waiting, since: Instant? = nil, until: Instant? = nil,
            isDryRun: Bool = false
        ) async throws(GatehouseError) -> Moved {
            var body = Self.selection(subscription, since, until, isDryRun)
            body["state"] = .string(state.rawValue)
            return try await move("cancel", body)
        }

        private func move(_ deed: String, _ body: JSONObject) async throws(GatehouseError) -> Moved {
            var call = Call(.post, "/v1/deliveries/\(deed)", json: .object(body))
            call.repetition = .harmless
            call.timeout = client.settings.bulkTimeout
            return try await client.value(call)
        }

        private static func selection(
            _ subscription: String, _ since: Instant?, _ until: Instant?, _ isDryRun: Bool
        ) -> JSONObject {
            var body = JSONObject()
            body["subscription"] = .string(subscription)
            body.put("since", since.map { .string(RFC3339.microsecondsText($0)) })
            body.put("until", until.map { .string(RFC3339.microsecondsText($0)) })
            if isDryRun { body["dryRun"] = true }
            return body
        }
    }
}
