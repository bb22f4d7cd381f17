public import GatehouseCore

extension APIClient {
    /// A panel that is to be made.
    public struct PanelDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Where it stands.
        public var organization: String
        /// Its id.
        public var id: String?
        /// The whole number that a vendor's contract knows it by.
        public var number: Int64?
        /// The IANA name of its time zone; left out, the organization's.
        public var timeZone: String?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a panel; an id that is left out is made by the gateway.
        public init(_ name: String, organization: String, id: String? = nil) {
            self.name = name
            self.organization = organization
            self.id = id
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["organization"] = .string(organization)
            body.put("id", id.map { .string($0) })
            body.put("number", number.map { .integer($0) })
            body.put("timeZone", timeZone.map { .string($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
