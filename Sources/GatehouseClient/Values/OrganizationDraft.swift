public import GatehouseCore

extension APIClient {
    /// An organization that is to be made.
    public struct OrganizationDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Its id.
        public var id: String?
        /// The organization above it; without one it is the top of a tree of its own, which only a key above all
        /// trees makes.
        public var parent: String?
        /// The IANA name of its time zone; left out, UTC.
        public var timeZone: String?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes an organization; an id that is left out is made by the gateway.
        public init(_ name: String, id: String? = nil) {
            self.name = name
            self.id = id
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body.put("id", id.map { .string($0) })
            body.put("parent", parent.map { .string($0) })
            body.put("timeZone", timeZone.map { .string($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
