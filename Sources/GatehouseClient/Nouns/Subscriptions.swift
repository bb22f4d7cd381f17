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
        public func create(_ draft: SubscriptionDraft) async throws(GatehouseError) -> Subscription {
            try await create(draft.json)
        }

        /// Makes a subscription by the fields of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Subscription {
            try await client.value(Call(.post, "/v1/subscriptions", json: body))
        }

        /// Changes what the changes name, as `["timeout": 5000, "expiresAt": nil]` (RFC 7396).
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Subscription {
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

extension APIClient {
    /// Who wants what, where, in which dialect. What stands in no property of its own is in ``json``.
    public struct Subscription: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// Whose events it gets, with all below; nil for the operator's own.
        public let organization: String?
        /// What people call it.
        public let name: String
        /// In which it is spoken to.
        public let dialect: String
        /// Where deliveries go; what stands behind the host is `•••` unless it was asked for.
        public let url: String
        /// Globs over kinds; nil for all that the dialect can say.
        public let kinds: [String]?
        /// Ids of doors; nil for all.
        public let doors: [String]?
        /// What it is told: 0 everything, 1 no credentials, 2 no credentials and no persons.
        public let privacyLevel: Int
        /// How long each phase of an attempt may take.
        public let timeout: Duration
        /// The dialect's own settings.
        public let settings: JSONObject
        /// Whether anything new is owed to it.
        public let isActive: Bool
        /// Whether its deliveries are held back, and by whom.
        public let hold: Hold
        /// When it becomes inactive by itself; nil for never.
        public let expiresAt: Instant?
        /// When it was made.
        public let created: Instant
        /// What deliveries are signed with: in the answer that made or rotated it, and never again.
        public let secret: String?
        /// Warnings about the terms that a request set, such as a short secret. Empty in all other answers.
        public let warnings: [String]
        /// How its deliveries fare: where it was shown or listed.
        public let health: SubscriptionHealth?

        /// Reads an answer. - Throws: where it is none of that sort.
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

        /// Whether deliveries are held back; a newer gateway may have more reasons than stand here.
        public struct Hold: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// They go.
            public static let none = Hold(rawValue: "none")
            /// Somebody paused it.
            public static let paused = Hold(rawValue: "paused")
            /// The gateway disabled it, because its receiver failed too long or said that it is gone.
            public static let disabled = Hold(rawValue: "disabled")
        }
    }
}

/// The words that this library has a name for; a newer gateway may answer others.
extension APIClient.Subscription.Hold: CaseIterable {
    /// Every reason for which deliveries are held back, and none.
    public static let allCases: [Self] = [.none, .paused, .disabled]
}

extension APIClient {
    /// A subscription that is to be made. Fields of the API without a property go into ``more``.
    public struct SubscriptionDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Where deliveries go.
        public var url: String
        /// Whose events it gets, with all below.
        public var organization: String
        /// Its id.
        public var id: String?
        /// In which it is spoken to.
        public var dialect = "standard"
        /// Globs over kinds; left out, all that the dialect can say.
        public var kinds: [String]?
        /// Ids of doors; left out, all.
        public var doors: [String]?
        /// What it is told: 0 everything, 1 no credentials, 2 no credentials and no persons; left out, the dialect's.
        public var privacyLevel: Int?
        /// What deliveries are signed with; left out, the dialect makes one where it does.
        public var secret: String?
        /// How long each phase of an attempt may take, 1 to 30 s; left out, the dialect's.
        public var timeout: Duration?
        /// The dialect's own settings.
        public var settings: JSONObject?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a subscription; an id that is left out is made by the gateway.
        public init(_ name: String, url: String, organization: String, id: String? = nil) {
            self.name = name
            self.url = url
            self.organization = organization
            self.id = id
        }

        /// What is posted.
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
    /// How the deliveries of a subscription fare.
    public struct SubscriptionHealth: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// One word for it.
        public let state: State
        /// Since when attempts fail, or succeed again; nil before the first one.
        public let since: Instant?
        /// When the next attempt is due; nil where none is.
        public let nextTry: Instant?
        /// How many attempts failed since the last one that succeeded.
        public let consecutiveFailures: Int
        /// When the receiver last took a delivery, up to a second too early; nil where it never did.
        public let lastDelivered: Instant?
        /// What the last attempt met, in the words of an attempt's `outcome`; nil before the first one.
        public let lastOutcome: String?
        /// The status of that answer, where there was one.
        public let lastStatus: Int?
        /// How many deliveries wait.
        public let waiting: Int
        /// How many were given up: they ran out of tries, or met the subscription's end while they were owed.
        public let dead: Int
        /// When the oldest event was taken that has a delivery that waits or is dead; nil where none has.
        public let oldest: Instant?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.state = State(rawValue: try json.text(of: "state"))
            self.since = json["since"]?.time
            self.nextTry = json["nextTry"]?.time
            self.consecutiveFailures = try json.integer(of: "consecutiveFailures")
            self.lastDelivered = json["lastDelivered"]?.time
            self.lastOutcome = json["lastOutcome"]?["outcome"]?.text
            self.lastStatus = json["lastOutcome"]?["status"]?.integer.flatMap { Int(exactly: $0) }
            self.waiting = try json.integer(of: "waiting")
            self.dead = try json.integer(of: "dead")
            self.oldest = json["oldest"]?.time
        }

        /// One word for how deliveries fare; a newer gateway may have more than stand here.
        public struct State: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// The last attempt succeeded.
            public static let ok = State(rawValue: "ok")
            /// So many attempts failed in a row that it was told, or an urgent delivery waits too long.
            public static let failing = State(rawValue: "failing")
            /// The last attempts failed, fewer than that.
            public static let resting = State(rawValue: "resting")
            /// It is paused or disabled.
            public static let held = State(rawValue: "held")
            /// It is inactive, its time is over, or nothing was owed to it yet.
            public static let idle = State(rawValue: "idle")
        }
    }
}

/// The words that this library has a name for; a newer gateway may answer others.
extension APIClient.SubscriptionHealth.State: CaseIterable {
    /// Every word for how deliveries fare.
    public static let allCases: [Self] = [.ok, .failing, .resting, .held, .idle]
}

extension APIClient {
    /// What a test of a subscription met.
    public struct Trial: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The gateway's id of the test event; nothing of it is kept.
        public let event: String
        /// What kind was sent: something harmless that the dialect has a name for.
        public let kind: String
        /// What the dialect calls it.
        public let name: String
        /// Whether the subscription asks for that.
        public let isAsked: Bool
        /// What the receiver answered.
        public let attempt: Attempt

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.event = try json.text(of: "event")
            self.kind = try json.text(of: "kind")
            self.name = try json.text(of: "name")
            self.isAsked = try json.must("asked", \.bool)
            self.attempt = try Attempt(try json.must("attempt") { $0 })
        }

        /// Whether the receiver took it.
        public var isAccepted: Bool { attempt.outcome == "accepted" }
    }
}

extension APIClient {
    /// A subscription that asks for an event and is not owed it: its contract requires what the event lacks.
    public struct Unsayable: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The id of the subscription.
        public let subscription: String
        /// The contract in which it is spoken to.
        public let dialect: String
        /// The contract's keys for which the event has nothing: `doorId`.
        public let lacking: [String]

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.subscription = try json.text(of: "subscription")
            self.dialect = try json.text(of: "dialect")
            self.lacking = try json.must("lacking") { $0.texts }
        }
    }
}
