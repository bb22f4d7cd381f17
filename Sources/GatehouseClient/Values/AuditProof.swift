public import GatehouseCore

extension APIClient {
    /// Whether the audit is as it was written.
    public struct AuditProof: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Whether every entry is as it was written, and the known link is there.
        public let isIntact: Bool
        /// How many entries there are.
        public let entries: Int
        /// The last link: kept elsewhere, it proves later that all before it is still there.
        public let head: String?
        /// Whether the link that was asked for is there; nil where none was.
        public let hasKnown: Bool?
        /// The first link that does not hold.
        public let broken: Int64?
        /// The entry from which on all are as they were written; nil where none is.
        public let from: Int64?
        /// The last entry up to which they are; nil where none is.
        public let to: Int64?
        /// How many entries were written and are not there any more.
        public let missing: Int
        /// What an operator should look into.
        public let warnings: [String]

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.isIntact = try json.flag(of: "intact")
            self.entries = try json.integer(of: "entries")
            self.head = json["head"]?.text
            self.hasKnown = json["known"]?.bool
            self.broken = json["broken"]?.integer
            self.from = json["from"]?.integer
            self.to = json["to"]?.integer
            self.missing = try json.integer(of: "missing")
            self.warnings = json["warnings"]?.items?.compactMap(\.text) ?? []
        }
    }
}
