public import GatehouseCore

extension APIClient {
    /// `/v1/audit`: who did what to which thing, when and from where.
    public struct Audit: Sendable {
        let client: APIClient

        /// Entries, newest first, of the organizations that the key reaches, or of one and all below it.
        ///
        /// - Parameters:
        ///   - since: only from this time on, by ISO 8601, in UTC where it names no zone: `2026-03-11T08:15:30Z`.
        ///   - until: only before this time, spelled so too.
        public func list(
            organization: String? = nil, since: String? = nil, until: String? = nil
        ) -> List<AuditEntry> {
            List(
                client: client, path: "/v1/audit",
                [("organization", organization), ("since", since), ("until", until)])
        }

        /// Holds the audit against its chain.
        ///
        /// - Parameter known: the ``AuditProof/head`` of an earlier time, to learn whether all of then is still there.
        public func prove(known: String? = nil) async throws(GatehouseError) -> AuditProof {
            try await client.value(Call(.get, "/v1/audit/proof", [("known", known)]))
        }
    }
}

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
