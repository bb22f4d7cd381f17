public import GatehouseCore

extension APIClient {
    /// `/v1/audit`: who changed what, when and from where.
    public struct Audit: Sendable {
        let client: APIClient

        /// Entries, newest first, of the organizations that the key may access, or of one and all organizations below
        /// it.
        ///
        /// - Parameters:
        ///   - since: only from this time on, an ISO 8601 time, in UTC if it has no zone: `2026-03-11T08:15:30Z`.
        ///   - until: only before this time, in the same form.
        public func list(
            organization: String? = nil, since: String? = nil, until: String? = nil
        ) -> List<AuditEntry> {
            List(
                client: client, path: "/v1/audit",
                [("organization", organization), ("since", since), ("until", until)])
        }

        /// Verifies the chain of the audit.
        ///
        /// - Parameter known: the ``AuditProof/head`` of an earlier time, to verify that everything up to it is still
        ///   there.
        public func prove(known: String? = nil) async throws(GatehouseError) -> AuditProof {
            try await client.value(Call(.get, "/v1/audit/proof", [("known", known)]))
        }
    }
}

extension APIClient {
    /// Who changed what, when and from where.
    public struct AuditEntry: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its number in the audit; numbers increase.
        public let number: Int64
        /// When it was done.
        public let time: Instant
        /// The organization that it concerns; nil for changes above all trees.
        public let organization: String?
        /// The key or trigger that was used; nil for the gateway itself.
        public let key: String?
        /// What was done, `change`.
        public let deed: String
        /// The sort of resource, `door`.
        public let subject: String
        /// The resource's id.
        public let id: String
        /// Further details, such as the names of changed fields.
        public let details: JSONObject

        /// Reads an answer. - Throws: if it does not have this form.
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
    /// The result of a verification of the audit.
    public struct AuditProof: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Whether every entry is unchanged, and the known link is there.
        public let isIntact: Bool
        /// How many entries there are.
        public let entries: Int
        /// The last link: stored in another place, it proves later that everything before it is still there.
        public let head: String?
        /// Whether the known link is there; nil if none was given.
        public let hasKnown: Bool?
        /// The first link that is wrong.
        public let broken: Int64?
        /// The first entry from which on all entries are unchanged; nil if there is none.
        public let from: Int64?
        /// The last entry up to which they are unchanged; nil if there is none.
        public let to: Int64?
        /// How many entries were written and are now missing.
        public let missing: Int
        /// What an operator should check.
        public let warnings: [String]

        /// Reads an answer. - Throws: if it does not have this form.
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
