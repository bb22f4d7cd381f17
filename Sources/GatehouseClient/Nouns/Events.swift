internal import FoundationEssentials
public import GatehouseCore

extension APIClient {
    /// `/v1/events`: the accepted events, in the order of acceptance.
    public struct Events: Sendable {
        let client: APIClient

        /// Posts one event. If it is posted again because no answer came, it is stored once.
        @discardableResult
        public func post(_ draft: EventDraft) async throws(GatehouseError) -> Receipt {
            let receipts = try await post([draft])
            guard let receipt = receipts.first else { throw .unreadable("the gateway's answer has no receipt") }
            return receipt
        }

        /// Posts a batch of events, all or none; the receipts have the order of the batch.
        ///
        /// - Throws: ``GatehouseError/refused(_:)``, with the place of the faulty event in `index`.
        @discardableResult
        public func post(_ drafts: [EventDraft]) async throws(GatehouseError) -> [Receipt] {
            try await receipts(of: post(lines: drafts.map(\.json)))
        }

        /// Posts events that are already JSON: CloudEvents with an id and a source.
        @discardableResult
        public func post(_ events: [JSON]) async throws(GatehouseError) -> [Receipt] {
            for (place, event) in events.enumerated() where event["id"]?.text == nil || event["source"]?.text == nil {
                throw .misuse("the event at \(place) has no id or no source: give it both, they identify the event")
            }
            return try await receipts(of: post(lines: events))
        }

        /// One page of the feed, oldest first.
        ///
        /// - Parameters:
        ///   - cursor: the `next` of the page before.
        ///   - wait: if there is no event yet, how long to wait for the first, up to 60 s.
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

        /// New events: after a cursor, else from the filter's `since`, else from now on.
        ///
        /// - Parameters:
        ///   - cut: is called if events after the cursor are missing, because the gateway no longer keeps them.
        ///   - interrupted: is called for each connection that ended, with the reason if there is one; the client
        ///     connects again by itself.
        public func follow(
            _ filter: EventFilter = EventFilter(), after cursor: String? = nil,
            cut: @escaping @Sendable () -> Void = {},
            interrupted: @escaping @Sendable (GatehouseError?) -> Void = { _ in }
        ) -> FollowedEvents {
            FollowedEvents(
                client: client, call: Call(.get, "/v1/events/stream", filter.query), after: cursor,
                cut: cut, interrupted: interrupted)
        }

        /// One event by the gateway's id, with its newest deliveries.
        public func show(_ id: String) async throws(GatehouseError) -> EventWithDeliveries {
            try await client.value(Call(.get, try Call.path("/v1/events", id)))
        }

        /// An event and its deliveries.
        public struct EventWithDeliveries: Value {
            /// Everything that was answered, also fields that this library does not know.
            public let json: JSON
            /// The event.
            public let event: Event
            /// The newest of its deliveries.
            public let deliveries: Page<Delivery>
            /// The subscriptions that ask for the event and are not owed it, because their contract requires a field
            /// that the event lacks.
            public let unsayable: [Unsayable]

            /// Reads an answer. - Throws: if it does not have this form.
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
            // Organization, source and id identify an event.
            call.repetition = .harmless
            return try await client.json(call)
        }

        private func receipts(of answer: JSON) throws(GatehouseError) -> [Receipt] {
            try Page<Receipt>(answer, items: "events").items
        }
    }
}

extension APIClient {
    /// Something that happened: a CloudEvent, reduced to what the key may read.
    public struct Event: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The reporter's id of the event.
        public let id: String
        /// The reporter.
        public let source: String
        /// What happened, `door.forced`.
        public let kind: String
        /// The gateway's id of the event, unique.
        public let gatewayID: String
        /// When it happened.
        public let time: Instant
        /// When the gateway accepted it.
        public let received: Instant
        /// Its organization.
        public let organization: String?
        /// What was wrong with an event that was accepted all the same: `unknown-door`, `conflict` …
        public let flag: String?
        /// The reporter's own attributes: `subject`, `dataschema` and extension attributes of CloudEvents.
        public let attributes: JSONObject
        /// The blocks that describe the event: `door`, `person`, `access` …
        public let data: JSONObject

        /// The names that are not attributes of the reporter's own.
        private static let envelope: Set<String> = [
            "specversion", "id", "source", "type", "time", "organization", "receivedtime", "data",
        ]

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.source = try json.text(of: "source")
            self.kind = try json.text(of: "type")
            self.gatewayID = try json.text(of: "gatehouseid")
            self.time = try json.instant(of: "time")
            self.received = try json.instant(of: "receivedtime")
            self.organization = json["organization"]?.text
            self.flag = json["gatehouseflag"]?.text
            let own = json.object?.members.filter {
                !Self.envelope.contains($0.key) && !$0.key.hasPrefix("gatehouse")
            }
            self.attributes = JSONObject(own ?? [])
            self.data = json["data"]?.object ?? JSONObject()
        }

        /// Reads the text of an event.
        init(text: String) throws(GatehouseError) {
            let json: JSON
            do throws(JSONParser.ParseError) {
                json = try JSONParser.parse(Array(text.utf8), depthLimit: 64)
            } catch {
                throw .unreadable("the answer at that address has no events in JSON")
            }
            try self.init(json)
        }
    }
}

extension APIClient {
    /// An event before it is posted.
    ///
    /// Source and id identify it: the same draft may be posted several times, and is stored once.
    public struct EventDraft: Hashable, Sendable {
        /// What happened, `door.forced`.
        public var kind: String
        /// The reporter's own id of the event.
        public var id: String
        /// The reporter.
        public var source: String
        /// When it happened, an ISO 8601 time, `2026-03-11T08:15:30+01:00`; without a zone, local time of its panel.
        /// nil for the moment at which the gateway accepts it.
        public var time: String?
        /// The event's organization; nil for the key's organization.
        public var organization: String?
        /// The reporter's own attributes, by CloudEvents: `subject`, `dataschema`, and extension attributes, whose
        /// names have 1 to 20 lower-case letters and digits.
        public var attributes = JSONObject()
        /// The blocks that describe the event.
        public var data = JSONObject()

        /// Describes an event; without an id, one is made here, before anything is sent.
        public init(_ kind: String, source: String, door: String? = nil, id: String? = nil) {
            self.kind = kind
            self.id = id ?? UUID().uuidString.lowercased()
            self.source = source
            data.put("door", door.map { .string($0) })
        }

        /// The event in the structured form of CloudEvents 1.0.
        public var json: JSON {
            var event = JSONObject()
            event["specversion"] = "1.0"
            event["id"] = .string(id)
            event["source"] = .string(source)
            event["type"] = .string(kind)
            event.put("time", time.map { .string($0) })
            event.put("organization", organization.map { .string($0) })
            for member in attributes.members where event[member.key] == nil { event[member.key] = member.value }
            event["data"] = .object(data)
            return .object(event)
        }
    }
}

extension APIClient {
    /// Which events are requested.
    public struct EventFilter: Hashable, Sendable {
        /// Globs over kinds, `access.*`; empty for all.
        public var kinds: [String]
        /// Ids of doors; empty for all.
        public var doors: [String]
        /// Only this organization and all organizations below it.
        public var organization: String?
        /// Only events that the gateway accepted from then on.
        public var since: Instant?
        /// Only events that it accepted before.
        public var until: Instant?

        /// Everything, unless a restriction is named.
        public init(kinds: [String] = [], doors: [String] = [], organization: String? = nil) {
            self.kinds = kinds
            self.doors = doors
            self.organization = organization
        }

        /// The filter in the words of the API.
        var query: [(String, String?)] {
            [
                ("kind", kinds.isEmpty ? nil : kinds.joined(separator: ",")),
                ("door", doors.isEmpty ? nil : doors.joined(separator: ",")), ("organization", organization),
                ("since", since.map(RFC3339.microsecondsText)), ("until", until.map(RFC3339.microsecondsText)),
            ]
        }
    }

    /// One page of the feed.
    public struct EventPage: Hashable, Sendable {
        /// The events, oldest first.
        public let events: [Event]
        /// The cursor of the next page; nil if there is nothing more at present: then the cursor before stays valid.
        public let next: String?
        /// Whether events after the requested cursor are missing, because the gateway no longer keeps them.
        public let isCut: Bool
    }
}

extension APIClient {
    /// The gateway's answer for an accepted event.
    public struct Receipt: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The gateway's id of the event.
        public let event: String
        /// The caller's id of the event.
        public let id: String
        /// The reporter.
        public let source: String
        /// How many deliveries it owes.
        public let deliveries: Int
        /// Whether the gateway had accepted it before; then it creates no new deliveries.
        public let isDuplicate: Bool
        /// What was wrong with an event that was accepted all the same: `unknown-door`, `conflict` …
        public let flag: String?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.event = try json.text(of: "event")
            self.id = try json.text(of: "id")
            self.source = try json.text(of: "source")
            self.deliveries = try json.integer(of: "deliveries")
            self.isDuplicate = try json.flag(of: "duplicate")
            self.flag = json["flag"]?.text
        }
    }
}
