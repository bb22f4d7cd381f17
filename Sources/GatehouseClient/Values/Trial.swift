public import GatehouseCore

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
