public import GatehouseCore

extension APIClient {
    /// `/v1/triggers`: secret URLs and what they may do.
    public struct Triggers: Sendable {
        let client: APIClient

        /// The triggers that the key may access, or those of an organization and all organizations below it.
        public func list(organization: String? = nil) -> List<Trigger> {
            List(client: client, path: "/v1/triggers", [("organization", organization)])
        }

        /// One trigger, without its secret.
        public func show(_ id: String) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.get, try path(id)))
        }

        /// Creates a trigger; ``Trigger/urls`` are in this answer and in no later one.
        public func create(_ draft: TriggerDraft) async throws(GatehouseError) -> Trigger {
            try await create(draft.json)
        }

        /// Creates a trigger by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.post, "/v1/triggers", json: body))
        }

        /// Changes the named fields, for example `["active": false, "doors": nil]`; its URL stays.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes a trigger. Its URL stops working; subscriptions that it created stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/triggers", id) }
    }
}

extension APIClient {
    /// A secret URL, and what its holder may do (PlaceOS).
    public struct Trigger: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its public half, `trig-…`.
        public let id: String
        /// Its name.
        public let name: String
        /// The organization of its doors.
        public let organization: String
        /// Ids of doors; nil for all doors of the organization.
        public let doors: [String]?
        /// Whether its holder may subscribe and unsubscribe.
        public let mayRegister: Bool
        /// Whether its holder may unlock doors.
        public let mayUnlock: Bool
        /// The privacy level of the subscriptions that it creates: 0 everything, 1 no credentials, 2 no persons either;
        /// nil if the gateway is too old.
        public let privacyLevel: Int?
        /// How many requests a minute it accepts; nil for no limit.
        public let rate: Int?
        /// Whether it works.
        public let isActive: Bool
        /// When it was created.
        public let created: Instant
        /// Its URLs: only in the answer to its creation.
        public let urls: [String]?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.name = try json.text(of: "name")
            self.organization = try json.text(of: "organization")
            self.doors = json["doors"]?.texts
            self.mayRegister = try json.flag(of: "mayRegister")
            self.mayUnlock = try json.flag(of: "mayUnlock")
            self.privacyLevel = json["privacyLevel"]?.integer.flatMap { Int(exactly: $0) }
            self.rate = json["rate"]?.integer.flatMap { Int(exactly: $0) }
            self.isActive = try json.flag(of: "active")
            self.created = try json.instant(of: "created")
            self.urls = json["urls"]?.texts
        }
    }
}

extension APIClient {
    /// A trigger to create.
    public struct TriggerDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The organization of its doors.
        public var organization: String
        /// Ids of doors (default: all doors of the organization).
        public var doors: [String]?
        /// Whether its holder may subscribe and unsubscribe (default: yes).
        public var mayRegister: Bool?
        /// Whether its holder may unlock doors (default: no).
        public var mayUnlock: Bool?
        /// The privacy level of the subscriptions that it creates (default: that of the creating key).
        public var privacyLevel: Int?
        /// How many requests a minute it accepts (default: no limit).
        public var rate: Int?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes a trigger.
        public init(_ name: String, organization: String) {
            self.name = name
            self.organization = organization
        }

        /// The body of the POST request.
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
