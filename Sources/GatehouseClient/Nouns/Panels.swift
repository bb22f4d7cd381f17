public import GatehouseCore

extension APIClient {
    /// `/v1/panels`: the controllers of doors. `organization` chooses between panels with the same id.
    public struct Panels: Sendable {
        let client: APIClient

        /// The panels that the key may access, or those of an organization and all organizations below it.
        public func list(organization: String? = nil) -> List<Panel> {
            List(client: client, path: "/v1/panels", [("organization", organization)])
        }

        /// One panel.
        public func show(_ id: String, organization: String? = nil) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.get, try path(id), [("organization", organization)]))
        }

        /// Creates a panel.
        public func create(_ draft: PanelDraft) async throws(GatehouseError) -> Panel { try await create(draft.json) }

        /// Creates a panel by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.post, "/v1/panels", json: body))
        }

        /// Changes the named fields; null removes a number or a time zone.
        public func update(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Panel {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a panel that has no doors. Its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/panels", id) }
    }
}

extension APIClient {
    /// A controller of doors: a vendor's server, cloud node or device.
    public struct Panel: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Its organization.
        public let organization: String
        /// Its name.
        public let name: String
        /// Its number in a vendor's contract, a whole number.
        public let number: Int64?
        /// The IANA name of its time zone; nil for the organization's.
        public let timeZone: String?

        /// Reads an answer. - Throws: if it does not have this form.
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
    /// A panel to create.
    public struct PanelDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its organization.
        public var organization: String
        /// Its id.
        public var id: String?
        /// Its number in a vendor's contract, a whole number.
        public var number: Int64?
        /// The IANA name of its time zone (default: the organization's).
        public var timeZone: String?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes a panel; without an id, the gateway makes one.
        public init(_ name: String, organization: String, id: String? = nil) {
            self.name = name
            self.organization = organization
            self.id = id
        }

        /// The body of the POST request.
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
