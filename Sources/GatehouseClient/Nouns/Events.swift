internal import FoundationEssentials
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

extension APIClient {
    /// Something that happened, a CloudEvent, cut to what the key may read.
    public struct Event: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The reporter's id of it.
        public let id: String
        /// Who reported it.
        public let source: String
        /// What happened, `door.forced`.
        public let kind: String
        /// The gateway's id of it, unique.
        public let gatewayID: String
        /// When it happened.
        public let time: Instant
        /// When the gateway took it.
        public let received: Instant
        /// Whose it is.
        public let organization: String?
        /// What was wrong with it, where it was taken all the same: `unknown-door`, `conflict` …
        public let flag: String?
        /// The reporter's own attributes: `subject`, `dataschema` and extension attributes of CloudEvents.
        public let attributes: JSONObject
        /// The blocks that tell what happened: `door`, `person`, `access` …
        public let data: JSONObject

        /// What is no attribute of the reporter's own.
        private static let envelope: Set<String> = [
            "specversion", "id", "source", "type", "time", "organization", "receivedtime", "data",
        ]

        /// Reads an answer. - Throws: where it is none of that sort.
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

        /// Reads the text of one.
        init(text: String) throws(GatehouseError) {
            let json: JSON
            do throws(JSONParser.ParseError) {
                json = try JSONParser.parse(Array(text.utf8), depthLimit: 64)
            } catch {
                throw .unreadable("what answers at that address sends no events in JSON")
            }
            try self.init(json)
        }
    }
}

extension APIClient {
    /// One event on its way to a gateway.
    ///
    /// Source and id make it once: the same draft may be posted again and again, and is taken once.
    public struct EventDraft: Hashable, Sendable {
        /// What happened, `door.forced`.
        public var kind: String
        /// The reporter's own id of it.
        public var id: String
        /// Who reports it.
        public var source: String
        /// When it happened, by ISO 8601, `2026-03-11T08:15:30+01:00`; by the clock of its panel where it names no
        /// zone. nil for the moment in which the gateway takes it.
        public var time: String?
        /// Whose event it is; nil for the key's organization.
        public var organization: String?
        /// Attributes of the reporter's own, by CloudEvents: `subject`, `dataschema`, and extension attributes, whose
        /// names have 1 to 20 lower-case letters and digits.
        public var attributes = JSONObject()
        /// The blocks that tell what happened.
        public var data = JSONObject()

        /// Describes an event; an id that is left out is made here, before anything is sent.
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
    /// Which events are asked for.
    public struct EventFilter: Hashable, Sendable {
        /// Globs over kinds, `access.*`; empty for all.
        public var kinds: [String]
        /// Ids of doors; empty for all.
        public var doors: [String]
        /// Only this organization and all below it.
        public var organization: String?
        /// Only those that the gateway took from then on.
        public var since: Instant?
        /// Only those that it took before.
        public var until: Instant?

        /// Everything, unless something is named.
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
        /// Asks for what is behind it; nil where there is nothing more at present: the cursor before stays good.
        public let next: String?
        /// Whether events behind the cursor that was asked for are missing, because the gateway keeps them no longer.
        public let isCut: Bool
    }
}

extension APIClient {
    /// What a gateway says of an event that it took.
    public struct Receipt: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The gateway's id of it.
        public let event: String
        /// The caller's id of it.
        public let id: String
        /// Who reported it.
        public let source: String
        /// How many deliveries it owes.
        public let deliveries: Int
        /// Whether it had been taken before; then nothing is delivered twice.
        public let isDuplicate: Bool
        /// What is wrong with it, where it was taken all the same: `unknown-door`, `conflict` …
        public let flag: String?

        /// Reads an answer. - Throws: where it is none of that sort.
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
