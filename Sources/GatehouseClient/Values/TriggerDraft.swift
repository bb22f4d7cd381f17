public import GatehouseCore

extension APIClient {
    /// A trigger that is to be made.
    public struct TriggerDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Whose doors it is about.
        public var organization: String
        /// Ids of doors; left out, all of the organization.
        public var doors: [String]?
        /// Whether its holder may subscribe and unsubscribe; left out, yes.
        public var mayRegister: Bool?
        /// Whether its holder may unlock doors; left out, no.
        public var mayUnlock: Bool?
        /// The level of the subscriptions that are made by it; left out, that of the key that makes it.
        public var privacyLevel: Int?
        /// How many requests a minute it takes; left out, any number.
        public var rate: Int?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a trigger.
        public init(_ name: String, organization: String) {
            self.name = name
            self.organization = organization
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["organization"] = .string(organization)
            body.put("doors", doors.map { texts in .array(texts.map { .string($0) }) })
            body.put("mayRegister", mayRegister.map { .bool($0) })
            body.put("mayUnlock", mayUnlock.map { .bool($0) })
            body.put("privacyLevel", privacyLevel.map { .integer($0) })
            body.put("rate", rate.map { .integer($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
