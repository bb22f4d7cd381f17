public import GatehouseCore

extension APIClient.Subscriptions {
    /// Begins a replay: every event that the gateway accepted in the period, and that the subscription wants now, is
    /// owed to it again. The call is not repeated if no answer comes: that would be two replays.
    ///
    /// - Parameters:
    ///   - since: events accepted at that instant or later.
    ///   - until: events accepted before that instant; without it, all events up to now.
    ///   - kinds: globs such as `door.*`; without it, all kinds that the subscription wants.
    public func replay(
        _ id: String, since: APIClient.Instant, until: APIClient.Instant? = nil, kinds: [String]? = nil
    ) async throws(GatehouseError) -> APIClient.Replay {
        try await client.value(
            APIClient.Call(
                .post, try Self.path(id, "/replay"), json: Self.order(since, until, kinds, isDryRun: false)))
    }

    /// Counts what a replay would owe, and starts none.
    public func countReplay(
        _ id: String, since: APIClient.Instant, until: APIClient.Instant? = nil, kinds: [String]? = nil
    ) async throws(GatehouseError) -> APIClient.ReplayCount {
        var call = APIClient.Call(
            .post, try Self.path(id, "/replay"), json: Self.order(since, until, kinds, isDryRun: true))
        call.repetition = .harmless
        return try await client.value(call)
    }

    /// The replays of a subscription, newest first.
    public func replays(of id: String) throws(GatehouseError) -> APIClient.List<APIClient.Replay> {
        APIClient.List(client: client, path: try Self.path(id, "/replays"))
    }

    /// The progress of a replay.
    public func replay(_ replay: String, of id: String) async throws(GatehouseError) -> APIClient.Replay {
        try await client.value(APIClient.Call(.get, try Self.path(of: replay, id)))
    }

    /// Cancels a replay; deliveries that it has created stay owed.
    @discardableResult
    public func cancelReplay(_ replay: String, of id: String) async throws(GatehouseError) -> APIClient.Replay {
        var call = APIClient.Call(.post, try Self.path(of: replay, id, "/cancel"))
        call.repetition = .harmless
        return try await client.value(call)
    }

    private static func path(_ id: String, _ rest: String) throws(GatehouseError) -> String {
        try APIClient.Call.path("/v1/subscriptions", id, rest)
    }

    private static func path(of replay: String, _ id: String, _ rest: String = "") throws(GatehouseError) -> String {
        try APIClient.Call.path(try path(id, "/replays"), replay, rest)
    }

    private static func order(
        _ since: APIClient.Instant, _ until: APIClient.Instant?, _ kinds: [String]?, isDryRun: Bool
    ) -> JSON {
        var body = JSONObject()
        body["since"] = .string(RFC3339.microsecondsText(since))
        body.put("until", until.map { .string(RFC3339.microsecondsText($0)) })
        body.put("kinds", kinds.map { .array($0.map { .string($0) }) })
        if isDryRun { body["dryRun"] = true }
        return .object(body)
    }
}

extension APIClient {
    /// Old events that are owed to a subscription again, and the progress.
    public struct Replay: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its number.
        public let id: String
        /// The subscription that is owed the events.
        public let subscription: String
        /// `running`, `finished` or `cancelled`.
        public let state: String
        /// How many deliveries it has created.
        public let owed: Int
        /// How much of it is done, 0 to 1.
        public let progress: Double
        /// When it was requested.
        public let created: Instant

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.subscription = try json.text(of: "subscription")
            self.state = try json.text(of: "state")
            self.owed = try json.integer(of: "owed")
            self.progress = try json.must("progress") { part in
                if case .number(let number) = part { number.double } else { nil }
            }
            self.created = try json.instant(of: "created")
        }

        /// Whether there are events left to check.
        public var isRunning: Bool { state == "running" }
    }

    /// What a replay would owe.
    public struct ReplayCount: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// How many deliveries it would create, as far as they were counted.
        public let owed: Int
        /// Whether all could be counted in time.
        public let isComplete: Bool

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.owed = try json.integer(of: "owed")
            self.isComplete = try json.flag(of: "complete")
        }
    }

    /// The result of a change to many deliveries.
    public struct Moved: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The number of deliveries.
        public let deliveries: Int
        /// Their state; nil if a gateway of an earlier version answered.
        public let state: Delivery.State?
        /// Whether they were only counted.
        public let isDryRun: Bool

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.state = json["state"]?.text.map { Delivery.State(rawValue: $0) }
            self.deliveries = try json.integer(of: "deliveries")
            self.isDryRun = try json.flag(of: "dryRun")
        }
    }
}
