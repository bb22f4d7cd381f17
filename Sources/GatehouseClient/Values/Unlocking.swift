public import GatehouseCore

extension APIClient {
    /// A door that was told to open, and did.
    public struct Unlocking: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The command's id, `command_…`.
        public let id: String
        /// Whose door it is.
        public let organization: String
        /// The door.
        public let door: String
        /// What came of it, `opened`.
        public let outcome: String?
        /// The gateway's id of the event that tells of it.
        public let event: String?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.door = try json.text(of: "door")
            self.outcome = json["outcome"]?.text
            self.event = json["event"]?.text
        }
    }
}
