public import GatehouseCore

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
