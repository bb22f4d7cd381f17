public import GatehouseCore

extension APIClient {
    /// What doors hang on: a vendor's server, cloud node or device.
    public struct Panel: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Where it stands.
        public let organization: String
        /// What people call it.
        public let name: String
        /// The whole number that a vendor's contract knows it by.
        public let number: Int64?
        /// The IANA name of its time zone; nil for the organization's.
        public let timeZone: String?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.name = try json.text(of: "name")
            self.number = json["number"]?.integer
            self.timeZone = json["timeZone"]?.text
        }
    }
}
