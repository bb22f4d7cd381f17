public import GatehouseCore

extension APIClient {
    /// `/v1/panels`: the controllers that doors hang on. `organization` chooses where several have a panel of that id.
    public struct Panels: Sendable {
        let client: APIClient

        /// The panels that the key reaches, or those of an organization and all below it.
        public func list(organization: String? = nil) -> List<Panel> {
            List(client: client, path: "/v1/panels", [("organization", organization)])
        }

        /// One panel.
        public func show(_ id: String, organization: String? = nil) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.get, try path(id), [("organization", organization)]))
        }

        /// Makes a panel.
        public func create(_ draft: PanelDraft) async throws(GatehouseError) -> Panel { try await create(draft.json) }

        /// Makes a panel by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.post, "/v1/panels", json: body))
        }

        /// Changes what the changes name; null takes a number or a time zone away.
        public func update(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a panel on which no door hangs any more; its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/panels", id) }
    }
}

extension APIClient {
    /// What doors hang on: a vendor's server, cloud node or device.
    public struct Panel: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Where it stands.
        public let organization: String
        /// What people call it.
        public let name: String
        /// The whole number that a vendor's contract knows it by.
        public let number: Int64?
        /// The IANA name of its time zone; nil for the organization's.
        public let timeZone: String?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.name = try json.text(of: "name")
            self.number = json["number"]?.integer
            self.timeZone = json["timeZone"]?.text
        }
    }
}

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
