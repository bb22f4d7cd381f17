public import GatehouseCore

extension APIClient {
    /// What a gateway says of an event that it took.
    public struct Receipt: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The gateway's id of it.
        public let event: String
        /// The caller's id of it.
        public let id: String
        /// Who reported it.
        public let source: String
        /// How many deliveries it owes.
        public let deliveries: Int
        /// Whether it had been taken before; then nothing is delivered twice.
        public let isDuplicate: Bool
        /// What is wrong with it, where it was taken all the same: `unknown-door`, `conflict` …
        public let flag: String?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.event = try json.text(of: "event")
            self.id = try json.text(of: "id")
            self.source = try json.text(of: "source")
            self.deliveries = try json.integer(of: "deliveries")
            self.isDuplicate = try json.flag(of: "duplicate")
            self.flag = json["flag"]?.text
        }
    }
}
