public import GatehouseCore

extension APIClient {
    /// Who did what to which thing, when and from where.
    public struct AuditEntry: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its place in the audit, growing.
        public let number: Int64
        /// When it was done.
        public let time: Instant
        /// Whom it concerns; nil for what stands above all trees.
        public let organization: String?
        /// The key or trigger by which it was done; nil for the gateway itself.
        public let key: String?
        /// What was done, `change`.
        public let deed: String
        /// To what sort of thing, `door`.
        public let subject: String
        /// That thing's id.
        public let id: String
        /// What else there is to say, as the names of changed fields.
        public let details: JSONObject

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.number = try json.must("number", \.integer)
            self.time = try json.instant(of: "time")
            self.organization = json["organization"]?.text
            self.key = json["key"]?.text
            self.deed = try json.text(of: "deed")
            self.subject = try json.text(of: "subject")
            self.id = try json.text(of: "id")
            self.details = json["details"]?.object ?? JSONObject()
        }
    }
}
