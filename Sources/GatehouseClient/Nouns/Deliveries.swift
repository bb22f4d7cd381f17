public import GatehouseCore

extension APIClient {
    /// `/v1/deliveries`: the state of every event that a subscription is owed.
    public struct Deliveries: Sendable {
        let client: APIClient

        /// Deliveries, the newest event first.
        public func list(_ filter: DeliveryFilter) -> List<Delivery> {
            List(client: client, path: "/v1/deliveries", filter.query)
        }

        /// Deliveries to one subscription, of one event or in one state, the newest event first.
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

        /// Makes a delivery due at once: a waiting one, or a dead one, whose schedule starts again. The call is not
        /// repeated: a second one could start the schedule again.
        public func retry(_ id: String) async throws(GatehouseError) -> Delivery {
            try await client.value(Call(.post, try Call.path("/v1/deliveries", id, "/retry")))
        }

        /// Cancels a waiting or dead delivery.
        public func cancel(_ id: String) async throws(GatehouseError) -> Delivery {
            try await client.value(Call(.post, try Call.path("/v1/deliveries", id, "/cancel")))
        }

        /// Makes all deliveries of a subscription in one state due at once, by default the dead ones; or counts them. A
        /// repeated call finds only the remaining ones.
        ///
        /// - Parameters:
        ///   - since: deliveries created at that instant or later.
        ///   - until: deliveries created before that instant.
        public func retry(
            of subscription: String, _ state: Delivery.State = .dead, since: Instant? = nil, until: Instant? = nil,
            isDryRun: Bool = false
        ) async throws(GatehouseError) -> Moved {
            var body = Self.selection(subscription, since, until, isDryRun)
            body["state"] = .string(state.rawValue)
            return try await move("retry", body)
        }

        /// Cancels all deliveries of a subscription in one state, by default the waiting ones; or counts them. Dead
        /// deliveries then need no attention.
        ///
        /// - Parameters:
        ///   - since: deliveries created at that instant or later.
        ///   - until: deliveries created before that instant.
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

extension APIClient {
    /// One event owed to one subscription.
    public struct Delivery: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its id, an opaque text.
        public let id: String
        /// The gateway's id of the event.
        public let event: String
        /// The kind of the event; nil if the gateway does not send it.
        public let kind: String?
        /// The door of the event; nil if it has none.
        public let door: String?
        /// The subscription that is owed the event.
        public let subscription: String
        /// The name of that subscription; nil if it was deleted.
        public let subscriptionName: String?
        /// Its state.
        public let state: State
        /// The number of attempts.
        public let attemptCount: Int
        /// When it was created.
        public let created: Instant
        /// When the next attempt is due, if it waits.
        public let due: Instant?
        /// Why it is dead or cancelled, if it is.
        public let reason: String?
        /// Every attempt, oldest first, if one delivery was requested.
        public let attempts: [Attempt]?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.event = try json.text(of: "event")
            self.kind = json["kind"]?.text
            self.door = json["door"]?.text
            self.subscription = try json.text(of: "subscription")
            self.subscriptionName = json["subscriptionName"]?.text
            self.state = State(rawValue: try json.text(of: "state"))
            self.attemptCount = try json.integer(of: "attemptCount")
            self.created = try json.instant(of: "created")
            self.due = json["due"]?.time
            self.reason = json["reason"]?.text
            self.attempts = try json["attempts"]?.attempts
        }

        /// The state of a delivery; a newer gateway may have more states.
        public struct State: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// In flight.
            public static let leased = State(rawValue: "leased")
            /// The receiver accepted it.
            public static let delivered = State(rawValue: "delivered")
            /// Due later, or held back.
            public static let waiting = State(rawValue: "waiting")
            /// Abandoned; a retry makes it due again.
            public static let dead = State(rawValue: "dead")
            /// No longer owed.
            public static let cancelled = State(rawValue: "cancelled")
        }
    }
}

extension JSON {
    /// The attempts of an array.
    fileprivate var attempts: [APIClient.Attempt]? {
        get throws(GatehouseError) {
            guard let items else { return nil }
            var attempts: [APIClient.Attempt] = []
            for item in items { attempts.append(try APIClient.Attempt(item)) }
            return attempts
        }
    }
}

/// The words that have a name in this library; a newer gateway may answer others.
extension APIClient.Delivery.State: CaseIterable {
    /// Every state of a delivery.
    public static let allCases: [Self] = [.waiting, .leased, .delivered, .dead, .cancelled]
}

extension APIClient {
    /// Which deliveries are requested; an empty field is no restriction.
    public struct DeliveryFilter: Hashable, Sendable {
        /// Only deliveries to this subscription.
        public var subscription: String?
        /// Only deliveries of this event, by the gateway's id.
        public var event: String?
        /// Only deliveries in this state.
        public var state: Delivery.State?
        /// Only deliveries whose last attempt had this outcome, such as `rejected`; see ``Attempt/outcome``.
        public var outcome: String?
        /// Only subscriptions of this organization and all organizations below it.
        public var organization: String?
        /// Globs over the kinds of the events, `access.*`; empty for all.
        public var kinds: [String] = []
        /// Ids of doors; empty for all.
        public var doors: [String] = []
        /// Only deliveries created from then on.
        public var since: Instant?
        /// Only deliveries created before.
        public var until: Instant?

        /// Every delivery.
        public init() {}

        /// The filter in the words of the API.
        var query: [(String, String?)] {
            [
                ("subscription", subscription), ("event", event), ("state", state?.rawValue), ("outcome", outcome),
                ("organization", organization), ("kind", kinds.isEmpty ? nil : kinds.joined(separator: ",")),
                ("door", doors.isEmpty ? nil : doors.joined(separator: ",")),
                ("since", since.map(RFC3339.microsecondsText)), ("until", until.map(RFC3339.microsecondsText)),
            ]
        }
    }
}

extension APIClient {
    /// One attempt to deliver.
    public struct Attempt: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its number, from 1.
        public let number: Int
        /// When it began.
        public let time: Instant
        /// Its outcome in a word, `accepted`.
        public let outcome: String
        /// Its outcome, for people.
        public let sentence: String
        /// The status of the receiver's answer; nil if there was no answer.
        public let status: Int?
        /// The beginning of the receiver's answer; nil if there is none, or if the key may not read it.
        public let answer: String?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.number = try json.integer(of: "number")
            self.time = try json.instant(of: "time")
            self.outcome = try json.text(of: "outcome")
            self.sentence = try json.text(of: "sentence")
            self.status = json["status"]?.integer.flatMap { Int(exactly: $0) }
            self.answer = json["answer"]?.text
        }
    }
}
