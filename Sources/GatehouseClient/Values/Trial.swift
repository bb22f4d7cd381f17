public import GatehouseCore

extension GatehouseClient {
    /// What a test of a subscription met.
    public struct Trial: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The gateway's id of the test event; nothing of it is kept.
        public let event: String
        /// What the receiver answered.
        public let attempt: Attempt

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.event = try json.text(of: "event")
            self.attempt = try Attempt(try json.must("attempt") { $0 })
        }

        /// Whether the receiver took it.
        public var isAccepted: Bool { attempt.outcome == "accepted" }
    }
}
