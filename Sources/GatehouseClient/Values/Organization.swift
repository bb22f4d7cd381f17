public import GatehouseCore

extension APIClient {
    /// A tenant, and the place of its tree that a key may be bound to.
    public struct Organization: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// What people call it.
        public let name: String
        /// The organization above it; nil at the top of a tree.
        public let parent: String?
        /// The IANA name of its time zone.
        public let timeZone: String

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.name = try json.text(of: "name")
            self.parent = json["parent"]?.text
            self.timeZone = try json.text(of: "timeZone")
        }
    }
}
