public import GatehouseCore

extension APIClient {
    /// What people pass.
    public struct Door: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Whose it is.
        public let organization: String
        /// The panel that it hangs on.
        public let panel: String
        /// The whole number that it has at its panel.
        public let number: Int64
        /// What people call it.
        public let name: String
        /// Whether passing it counts as coming to or leaving work.
        public let isAttendancePoint: Bool
        /// How it is told to open, secrets as `•••` unless they were asked for; nil where it is not.
        public let driver: JSONObject?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.panel = try json.text(of: "panel")
            self.number = try json.must("number", \.integer)
            self.name = try json.text(of: "name")
            self.isAttendancePoint = try json.flag(of: "attendance")
            self.driver = json["driver"]?.object
        }
    }
}
