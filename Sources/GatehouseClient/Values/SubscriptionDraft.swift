public import GatehouseCore

extension APIClient {
    /// A subscription that is to be made. Fields of the API without a property go into ``more``.
    public struct SubscriptionDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Where deliveries go.
        public var url: String
        /// Whose events it gets, with all below.
        public var organization: String
        /// Its id.
        public var id: String?
        /// In which it is spoken to.
        public var dialect = "standard"
        /// Globs over kinds; left out, all that the dialect can say.
        public var kinds: [String]?
        /// Ids of doors; left out, all.
        public var doors: [String]?
        /// What it is told: 0 everything, 1 no credentials, 2 no credentials and no persons; left out, the dialect's.
        public var privacyLevel: Int?
        /// What deliveries are signed with; left out, the dialect makes one where it does.
        public var secret: String?
        /// How long each phase of an attempt may take, 1 to 30 s; left out, the dialect's.
        public var timeout: Duration?
        /// The dialect's own settings.
        public var settings: JSONObject?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a subscription; an id that is left out is made by the gateway.
        public init(_ name: String, url: String, organization: String, id: String? = nil) {
            self.name = name
            self.url = url
            self.organization = organization
            self.id = id
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["url"] = .string(url)
            body["organization"] = .string(organization)
            body.put("id", id.map { .string($0) })
            body["dialect"] = .string(dialect)
            body.put("kinds", kinds.map { texts in .array(texts.map { .string($0) }) })
            body.put("doors", doors.map { texts in .array(texts.map { .string($0) }) })
            body.put("privacyLevel", privacyLevel.map { .integer($0) })
            body.put("secret", secret.map { .string($0) })
            body.put("timeout", timeout.map { .integer($0.microseconds / 1000) })
            body.put("settings", settings.map { .object($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
