public import GatehouseCore

extension APIClient {
    /// `/v1/events`: what was taken, in the order in which it was.
    public struct Events: Sendable {
        let client: APIClient

        /// Posts one event. Posted again for want of an answer, it is taken once.
        @discardableResult
        public func post(_ draft: EventDraft) async throws(GatehouseError) -> Receipt {
            let receipts = try await post([draft])
            guard let receipt = receipts.first else { throw .unreadable("the gateway's answer has no receipt") }
            return receipt
        }

        /// Posts a batch of events, all or none; the receipts are in its order.
        ///
        /// - Throws: ``GatehouseError/refused(_:)``, with the place of the event at fault in `index`.
        @discardableResult
        public func post(_ drafts: [EventDraft]) async throws(GatehouseError) -> [Receipt] {
            try await receipts(of: post(lines: drafts.map(\.json)))
        }

        /// Posts events that are JSON already, as CloudEvents with an id and a source.
        @discardableResult
        public func post(_ events: [JSON]) async throws(GatehouseError) -> [Receipt] {
            for (place, event) in events.enumerated() where event["id"]?.text == nil || event["source"]?.text == nil {
                throw .misuse("the event at \(place) has no id or no source, which make it once: give it both")
            }
            return try await receipts(of: post(lines: events))
        }

        /// One page of the feed, oldest first.
        ///
        /// - Parameters:
        ///   - cursor: the `next` of the page before.
        ///   - wait: where there is nothing yet, wait so long for the first, up to 60 s.
        public func page(
            _ filter: EventFilter = EventFilter(), after cursor: String? = nil, limit: Int = 500,
            waiting wait: Duration? = nil
        ) async throws(GatehouseError) -> EventPage {
            let milliseconds = wait.map { "\($0.microseconds / 1000)ms" }
            var call = Call(
                .get, "/v1/events",
                filter.query + [("after", cursor), ("limit", String(limit)), ("wait", milliseconds)])
            call.timeout = client.settings.answerTimeout + (wait ?? .zero)
            let json = try await client.json(call)
            let page = try Page<Event>(json, items: "events")
            return EventPage(events: page.items, next: page.next, isCut: json["pruned"]?.bool ?? false)
        }

        /// Events as they come: behind a cursor, else from the filter's `since` on, else from now on.
        ///
        /// - Parameters:
        ///   - cut: told where events behind the cursor are missing, because the gateway keeps them no longer.
        ///   - interrupted: told of each connection that ended, with the reason where there is one; the next is made
        ///     by itself.
        public func follow(
            _ filter: EventFilter = EventFilter(), after cursor: String? = nil,
            cut: @escaping @Sendable () -> Void = {},
            interrupted: @escaping @Sendable (GatehouseError?) -> Void = { _ in }
        ) -> FollowedEvents {
            FollowedEvents(
                client: client, call: Call(.get, "/v1/events/stream", filter.query), after: cursor,
                cut: cut, interrupted: interrupted)
        }

        /// One event by the gateway's id of it, with the newest of its deliveries.
        public func show(_ id: String) async throws(GatehouseError) -> EventWithDeliveries {
            try await client.value(Call(.get, try Call.path("/v1/events", id)))
        }

        /// An event and what became of it.
        public struct EventWithDeliveries: Value {
            /// Everything that was answered, also what this library does not know.
            public let json: JSON
            /// The event.
            public let event: Event
            /// The newest of its deliveries.
            public let deliveries: Page<Delivery>
            /// The subscriptions that ask for the event and are not owed it, since their contract requires what the
            /// event lacks.
            public let unsayable: [Unsayable]

            /// Reads an answer. - Throws: where it is none of that sort.
            public init(_ json: JSON) throws(GatehouseError) {
                self.json = json
                self.event = try Event(try json.must("event") { $0 })
                self.deliveries = try Page(try json.must("deliveries") { $0 })
                var unsayable: [Unsayable] = []
                for item in json["unsayable"]?.items ?? [] { unsayable.append(try Unsayable(item)) }
                self.unsayable = unsayable
            }
        }

        private func post(lines events: [JSON]) async throws(GatehouseError) -> JSON {
            var call = Call(.post, "/v1/events")
            call.body = Array(events.map { $0.bytes + [UInt8(ascii: "\n")] }.joined())
            call.type = "application/x-ndjson"
            // Organization, source and id make an event once.
            call.repetition = .harmless
            return try await client.json(call)
        }

        private func receipts(of answer: JSON) throws(GatehouseError) -> [Receipt] {
            try Page<Receipt>(answer, items: "events").items
        }
    }
}
