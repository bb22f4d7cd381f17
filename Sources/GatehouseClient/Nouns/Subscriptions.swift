public import GatehouseCore

extension APIClient {
    /// `/v1/subscriptions`: who wants which events, where, in which dialect.
    public struct Subscriptions: Sendable {
        let client: APIClient

        /// The subscriptions that the key may access, or those of an organization and all organizations below it.
        public func list(organization: String? = nil) -> List<Subscription> {
            List(client: client, path: "/v1/subscriptions", [("organization", organization)])
        }

        /// One subscription, without its secret.
        ///
        /// - Parameter reveal: whether to show what is `•••` otherwise: the URL's path and query, the values of
        ///   headers, user, password and token. Needs a manager's key, and is audited.
        public func show(_ id: String, reveal: Bool = false) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.get, try path(id), [("reveal", reveal ? "true" : nil)]))
        }

        /// Creates a subscription; ``Subscription/secret`` is in this answer and in no later one.
        public func create(_ draft: SubscriptionDraft) async throws(GatehouseError) -> Subscription {
            try await create(draft.json)
        }

        /// Creates a subscription by the fields of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.post, "/v1/subscriptions", json: body))
        }

        /// Changes the named fields, for example `["timeout": 5000, "expiresAt": nil]` (RFC 7396).
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes a subscription. Its waiting deliveries are cancelled.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        /// Pauses deliveries. Every event stays owed.
        @discardableResult
        public func pause(_ id: String) async throws(GatehouseError) -> Subscription {
            try await client.value(harmless(try path(id, "/pause")))
        }

        /// Resumes deliveries, whether a person or the gateway paused them.
        @discardableResult
        public func resume(_ id: String) async throws(GatehouseError) -> Subscription {
            try await client.value(harmless(try path(id, "/resume")))
        }

        /// Sends a test event now, and returns the receiver's answer; the gateway does not store the event.
        public func test(_ id: String) async throws(GatehouseError) -> Trial {
            var call = Call(.post, try path(id, "/test"))
            call.timeout = client.settings.testTimeout
            return try await client.value(call)
        }

        /// Gives a subscription a new secret; ``Subscription/secret`` is in this answer and in no later one. The call
        /// is not repeated if no answer comes: a second new secret would replace the old one that still signs beside
        /// the new one.
        ///
        /// - Parameters:
        ///   - secret: the new secret; without it, the dialect makes one if it can.
        ///   - effectiveAt: when the new secret takes effect, in dialects in which the two do not sign together for a
        ///     while.
        public func rotateSecret(
            _ id: String, to secret: String? = nil, effectiveAt: Instant? = nil
        ) async throws(GatehouseError) -> Subscription {
            var body = JSONObject()
            body.put("secret", secret.map { .string($0) })
            body.put("effectiveAt", effectiveAt.map { .string(RFC3339.text($0)) })
            return try await rotateSecret(id, .object(body))
        }

        /// Gives a subscription a new secret, by the members of the API.
        public func rotateSecret(_ id: String, _ body: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.post, try path(id, "/rotate-secret"), json: body))
        }

        /// A call that leads to the same state if it is repeated.
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

extension APIClient {
    /// Who wants which events, where, in which dialect. Fields without a property are in ``json``.
    public struct Subscription: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// The organization whose events it gets, with all organizations below; nil for the operator's own
        /// subscription.
        public let organization: String?
        /// Its name.
        public let name: String
        /// The dialect of its deliveries.
        public let dialect: String
        /// The URL of its deliveries; the part after the host is `•••` unless it was requested.
        public let url: String
        /// Globs over kinds; nil for all kinds of the dialect.
        public let kinds: [String]?
        /// Ids of doors; nil for all.
        public let doors: [String]?
        /// What it may read: 0 everything, 1 no credentials, 2 no credentials and no persons.
        public let privacyLevel: Int
        /// How long each phase of an attempt may take.
        public let timeout: Duration
        /// The dialect's own settings.
        public let settings: JSONObject
        /// Whether it gets new events.
        public let isActive: Bool
        /// Whether its deliveries are held back, and why.
        public let hold: Hold
        /// When it becomes inactive by itself; nil for never.
        public let expiresAt: Instant?
        /// When it was created.
        public let created: Instant
        /// The secret that signs deliveries: only in the answer that created or rotated it.
        public let secret: String?
        /// Warnings about the terms that a request set, such as a short secret. Empty in all other answers.
        public let warnings: [String]
        /// The state of its deliveries, if it was shown or listed.
        public let health: SubscriptionHealth?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = json["organization"]?.text
            self.name = try json.text(of: "name")
            self.dialect = try json.text(of: "dialect")
            self.url = try json.text(of: "url")
            self.kinds = json["kinds"]?.texts
            self.doors = json["doors"]?.texts
            self.privacyLevel = try json.integer(of: "privacyLevel")
            self.timeout = .milliseconds(try json.integer(of: "timeout"))
            self.settings = try json.must("settings", \.object)
            self.isActive = try json.flag(of: "active")
            self.hold = Hold(rawValue: try json.text(of: "hold"))
            self.expiresAt = json["expiresAt"]?.time
            self.created = try json.instant(of: "created")
            self.secret = json["secret"]?.text
            self.warnings = json["warnings"]?.texts ?? []
            self.health = try json["health"].map { json throws(GatehouseError) in try SubscriptionHealth(json) }
        }

        /// Whether deliveries are held back; a newer gateway may have more reasons.
        public struct Hold: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// They are not held back.
            public static let none = Hold(rawValue: "none")
            /// A caller paused it.
            public static let paused = Hold(rawValue: "paused")
            /// The gateway disabled it, because its receiver failed for too long or said that it is gone.
            public static let disabled = Hold(rawValue: "disabled")
        }
    }
}

/// The words that have a name in this library; a newer gateway may answer others.
extension APIClient.Subscription.Hold: CaseIterable {
    /// Every reason for which deliveries are held back, and none.
    public static let allCases: [Self] = [.none, .paused, .disabled]
}

extension APIClient {
    /// A subscription to create. Fields of the API without a property go into ``more``.
    public struct SubscriptionDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The URL of its deliveries.
        public var url: String
        /// The organization whose events it gets, with all organizations below.
        public var organization: String
        /// Its id.
        public var id: String?
        /// The dialect of its deliveries.
        public var dialect = "standard"
        /// Globs over kinds (default: all kinds of the dialect).
        public var kinds: [String]?
        /// Ids of doors (default: all).
        public var doors: [String]?
        /// What it may read: 0 everything, 1 no credentials, 2 no credentials and no persons (default: the dialect's).
        public var privacyLevel: Int?
        /// The secret that signs deliveries (default: the dialect makes one, if it can).
        public var secret: String?
        /// How long each phase of an attempt may take, 1 to 30 s (default: the dialect's).
        public var timeout: Duration?
        /// The dialect's own settings.
        public var settings: JSONObject?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes a subscription; without an id, the gateway makes one.
        public init(_ name: String, url: String, organization: String, id: String? = nil) {
            self.name = name
            self.url = url
            self.organization = organization
            self.id = id
        }

        /// The body of the POST request.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["url"] = .string(url)
            body["organization"] = .string(organization)
            body.put("id", id.map { .string($0) })
            body["dialect"] = .string(dialect)
            body.put("kinds", kinds.map { texts in .array(texts.map { .string($0) }) })
            body.put("doors", doors.map { texts in .array(texts.map { .string($0) }) })
            body.put("privacyLevel", privacyLevel.map { .integer($0) })
            body.put("secret", secret.map { .string($0) })
            body.put("timeout", timeout.map { .integer($0.microseconds / 1000) })
            body.put("settings", settings.map { .object($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}

extension APIClient {
    /// The state of a subscription's deliveries.
    public struct SubscriptionHealth: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The state in one word.
        public let state: State
        /// Since when attempts fail, or succeed again; nil before the first attempt.
        public let since: Instant?
        /// Whether the receiver rests after failures in a row: until ``nextTry`` only urgent deliveries are attempted.
        public let resting: Bool
        /// When the next attempt is made; nil if none is due.
        public let nextTry: Instant?
        /// How many attempts failed since the last success.
        public let consecutiveFailures: Int
        /// When the receiver last accepted a delivery, up to a second too early; nil if it never did.
        public let lastDelivered: Instant?
        /// The outcome of the last attempt, in the words of an attempt's `outcome`; nil before the first attempt.
        public let lastOutcome: String?
        /// The status of that answer, if there was one.
        public let lastStatus: Int?
        /// How many deliveries wait.
        public let waiting: Int
        /// How many are dead: they ran out of attempts, or were owed when the subscription ended.
        public let dead: Int
        /// When the oldest event with a waiting or dead delivery was accepted; nil if there is none.
        public let oldest: Instant?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.state = State(rawValue: try json.text(of: "state"))
            self.since = json["since"]?.time
            self.resting = json["resting"] == true
            self.nextTry = json["nextTry"]?.time
            self.consecutiveFailures = try json.integer(of: "consecutiveFailures")
            self.lastDelivered = json["lastDelivered"]?.time
            self.lastOutcome = json["lastOutcome"]?["outcome"]?.text
            self.lastStatus = json["lastOutcome"]?["status"]?.integer.flatMap { Int(exactly: $0) }
            self.waiting = try json.integer(of: "waiting")
            self.dead = try json.integer(of: "dead")
            self.oldest = json["oldest"]?.time
        }

        /// One word for the state of deliveries; a newer gateway may have more.
        public struct State: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// The last attempt succeeded.
            public static let ok = State(rawValue: "ok")
            /// So many attempts failed in a row that the operator was informed, or an urgent delivery has waited too
            /// long.
            public static let failing = State(rawValue: "failing")
            /// The last attempts failed, fewer than that.
            public static let resting = State(rawValue: "resting")
            /// It is paused or disabled.
            public static let held = State(rawValue: "held")
            /// It is inactive or expired, or nothing was owed to it yet.
            public static let idle = State(rawValue: "idle")
        }
    }
}

/// The words that have a name in this library; a newer gateway may answer others.
extension APIClient.SubscriptionHealth.State: CaseIterable {
    /// Every word for the state of deliveries.
    public static let allCases: [Self] = [.ok, .failing, .resting, .held, .idle]
}

extension APIClient {
    /// The result of a test of a subscription.
    public struct Trial: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The gateway's id of the test event; the event is not stored.
        public let event: String
        /// The kind that was sent: a harmless one that has a name in the dialect.
        public let kind: String
        /// Its name in the dialect.
        public let name: String
        /// Whether the subscription asks for that kind.
        public let isAsked: Bool
        /// The attempt with the receiver's answer.
        public let attempt: Attempt

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.event = try json.text(of: "event")
            self.kind = try json.text(of: "kind")
            self.name = try json.text(of: "name")
            self.isAsked = try json.must("asked", \.bool)
            self.attempt = try Attempt(try json.must("attempt") { $0 })
        }

        /// Whether the receiver accepted it.
        public var isAccepted: Bool { attempt.outcome == "accepted" }
    }
}

extension APIClient {
    /// A subscription that asks for an event and is not owed it: its contract requires a field that the event lacks.
    public struct Unsayable: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The id of the subscription.
        public let subscription: String
        /// The dialect of its deliveries.
        public let dialect: String
        /// The contract's keys that have no value in the event: `doorId`.
        public let lacking: [String]

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.subscription = try json.text(of: "subscription")
            self.dialect = try json.text(of: "dialect")
            self.lacking = try json.must("lacking") { $0.texts }
        }
    }
}
