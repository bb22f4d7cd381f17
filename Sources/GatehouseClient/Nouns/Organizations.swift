public import GatehouseCore

extension APIClient {
    /// `/v1/organizations`: the trees of tenants that everything else belongs to.
    public struct Organizations: Sendable {
        let client: APIClient

        /// The organizations that the key reaches.
        public func list() -> List<Organization> { List(client: client, path: "/v1/organizations") }

        /// One organization.
        public func show(_ id: String) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes an organization.
        public func create(_ draft: OrganizationDraft) async throws(GatehouseError) -> Organization {
            try await create(draft.json)
        }

        /// Makes an organization by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.post, "/v1/organizations", json: body))
        }

        /// Changes what the changes name, as `["timeZone": "Europe/Lisbon"]`.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes an organization to which nothing belongs any more; its events stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/organizations", id) }
    }
}

extension APIClient {
    /// A tenant, and the place of its tree that a key may be bound to.
    public struct Organization: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// What people call it.
        public let name: String
        /// The organization above it; nil at the top of a tree.
        public let parent: String?
        /// The IANA name of its time zone.
        public let timeZone: String

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.name = try json.text(of: "name")
            self.parent = json["parent"]?.text
            self.timeZone = try json.text(of: "timeZone")
        }
    }
}

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
