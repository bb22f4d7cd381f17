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

extension APIClient {
    /// One event owed to one subscription.
    public struct Delivery: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its number.
        public let id: String
        /// The gateway's id of the event.
        public let event: String
        /// The kind of the event; nil where a gateway does not tell it.
        public let kind: String?
        /// The door that the event tells of; nil where it tells of none.
        public let door: String?
        /// To whom it is owed.
        public let subscription: String
        /// The name of that subscription; nil where it was deleted.
        public let subscriptionName: String?
        /// Where it stands.
        public let state: State
        /// How often it was tried.
        public let attemptCount: Int
        /// When it came to be owed.
        public let created: Instant
        /// When it is tried next, where it waits.
        public let due: Instant?
        /// Why it is dead or cancelled, where it is.
        public let reason: String?
        /// Every try, oldest first, where one delivery was asked for.
        public let attempts: [Attempt]?

        /// Reads an answer. - Throws: where it is none of that sort.
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

        /// Where a delivery stands; a newer gateway may have more states than stand here.
        public struct State: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// Under way.
            public static let leased = State(rawValue: "leased")
            /// The receiver took it.
            public static let delivered = State(rawValue: "delivered")
            /// Due later, or held back.
            public static let waiting = State(rawValue: "waiting")
            /// Given up; a retry revives it.
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

/// The words that this library has a name for; a newer gateway may answer others.
extension APIClient.Delivery.State: CaseIterable {
    /// Every state of a delivery.
    public static let allCases: [Self] = [.waiting, .leased, .delivered, .dead, .cancelled]
}

extension APIClient {
    /// Which deliveries are asked for; what is left out narrows nothing.
    public struct DeliveryFilter: Hashable, Sendable {
        /// Only those to this subscription.
        public var subscription: String?
        /// Only those of this event, by the gateway's id of it.
        public var event: String?
        /// Only those in this state.
        public var state: Delivery.State?
        /// Only those whose last attempt met this, as `rejected`; see ``Attempt/outcome``.
        public var outcome: String?
        /// Only those to subscriptions of this organization and all below it.
        public var organization: String?
        /// Globs over the kinds of the events, `access.*`; empty for all.
        public var kinds: [String] = []
        /// Ids of doors; empty for all.
        public var doors: [String] = []
        /// Only those that came to be owed from then on.
        public var since: Instant?
        /// Only those that came to be owed before.
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
    /// One try to deliver.
    public struct Attempt: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Which one, from 1.
        public let number: Int
        /// When it began.
        public let time: Instant
        /// What it met in a word, `accepted`.
        public let outcome: String
        /// What it met, for people.
        public let sentence: String
        /// What the receiver answered; nil where it did not.
        public let status: Int?
        /// The first of the receiver's answer; nil where there is none, or where the key may not read it.
        public let answer: String?

        /// Reads an answer. - Throws: where it is none of that sort.
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
