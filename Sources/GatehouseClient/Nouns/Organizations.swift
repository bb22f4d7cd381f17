public import GatehouseCore

extension APIClient {
    /// `/v1/organizations`: the trees of tenants that own everything else.
    public struct Organizations: Sendable {
        let client: APIClient

        /// The organizations that the key may access.
        public func list() -> List<Organization> { List(client: client, path: "/v1/organizations") }

        /// One organization.
        public func show(_ id: String) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.get, try path(id)))
        }

        /// Creates an organization.
        public func create(_ draft: OrganizationDraft) async throws(GatehouseError) -> Organization {
            try await create(draft.json)
        }

        /// Creates an organization by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.post, "/v1/organizations", json: body))
        }

        /// Changes the named fields, for example `["timeZone": "Europe/Lisbon"]`.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Organization {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes an organization that owns nothing any more. Its events stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/organizations", id) }
    }
}

extension APIClient {
    /// A tenant. A key may be bound to an organization of the tree.
    public struct Organization: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// Its name.
        public let name: String
        /// The organization above it; nil at the top of a tree.
        public let parent: String?
        /// The IANA name of its time zone.
        public let timeZone: String

        /// Reads an answer. - Throws: if it does not have this form.
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
    /// An organization to create.
    public struct OrganizationDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its id.
        public var id: String?
        /// The organization above it; without one it is the top of a new tree, which only a key above all trees can
        /// create.
        public var parent: String?
        /// The IANA name of its time zone (default: UTC).
        public var timeZone: String?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes an organization; without an id, the gateway makes one.
        public init(_ name: String, id: String? = nil) {
            self.name = name
            self.id = id
        }

        /// The body of the POST request.
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
