public import GatehouseCore

extension APIClient {
    /// Old events that are owed to a subscription once more, and how far that has come.
    public struct Replay: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its number.
        public let id: String
        /// To whom the events are owed.
        public let subscription: String
        /// `running`, `finished` or `cancelled`.
        public let state: String
        /// How many deliveries it has brought to life.
        public let owed: Int
        /// How much of it is done, 0 to 1.
        public let progress: Double
        /// When it was asked for.
        public let created: Instant

        /// Reads an answer. - Throws: where it is none of that sort.
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

        /// Whether there are events yet to be looked at.
        public var isRunning: Bool { state == "running" }
    }

    /// What a replay would owe.
    public struct ReplayCount: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// How many deliveries it would bring to life, as far as was counted.
        public let owed: Int
        /// Whether the time sufficed to count all.
        public let isComplete: Bool

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.owed = try json.integer(of: "owed")
            self.isComplete = try json.flag(of: "complete")
        }
    }

    /// What became of many deliveries at once.
    public struct Moved: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// How many they were.
        public let deliveries: Int
        /// In which state they were; nil where a gateway of an earlier version answered.
        public let state: Delivery.State?
        /// Whether they were only counted.
        public let isDryRun: Bool

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.state = json["state"]?.text.map { Delivery.State(rawValue: $0) }
            self.deliveries = try json.integer(of: "deliveries")
            self.isDryRun = try json.flag(of: "dryRun")
        }
    }
}
