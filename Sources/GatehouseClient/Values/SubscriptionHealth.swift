public import GatehouseCore

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
