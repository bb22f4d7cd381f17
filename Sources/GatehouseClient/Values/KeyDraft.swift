public import GatehouseCore

extension APIClient {
    /// A key that is to be made.
    public struct KeyDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// What its holder may do.
        public var role: Key.Role
        /// What it reaches, with all below.
        public var organization: String
        /// What it reads of events: 0 everything, 1 no credentials, 2 no credentials and no persons; left out, 1.
        public var privacyLevel: Int?
        /// When it stops letting anybody in; left out, never.
        public var expiresAt: Instant?
        /// How many requests a minute it may make; left out, any number.
        public var rate: Int?
        /// Of the role source: the only panels that it may tell of; left out, all.
        public var panels: [String]?
        /// Of the role source: globs; each source that it names must fit one of them; left out, any.
        public var sources: [String]?
        /// The person to whom it is given: `firstName`, `lastName`, `email`.
        public var owner: JSONObject?
        /// A name by which its holder may log in beside its id, unique in the gateway; left out, none.
        public var login: String?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a key.
        public init(_ name: String, role: Key.Role, organization: String) {
            self.name = name
            self.role = role
            self.organization = organization
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["role"] = .string(role.rawValue)
            body["organization"] = .string(organization)
            body.put("privacyLevel", privacyLevel.map { .integer($0) })
            body.put("expiresAt", expiresAt.map { .string(RFC3339.text($0)) })
            body.put("rate", rate.map { .integer($0) })
            body.put("panels", panels.map { texts in .array(texts.map { .string($0) }) })
            body.put("sources", sources.map { texts in .array(texts.map { .string($0) }) })
            body.put("owner", owner.map { .object($0) })
            body.put("login", login.map { .string($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
