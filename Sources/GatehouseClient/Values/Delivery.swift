public import GatehouseCore

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
