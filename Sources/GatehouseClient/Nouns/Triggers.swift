public import GatehouseCore

extension APIClient {
    /// `/v1/triggers`: secret URLs and what they may do.
    public struct Triggers: Sendable {
        let client: APIClient

        /// The triggers that the key reaches, or those of an organization and all below it.
        public func list(organization: String? = nil) -> List<Trigger> {
            List(client: client, path: "/v1/triggers", [("organization", organization)])
        }

        /// One trigger, never its secret.
        public func show(_ id: String) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes a trigger; ``Trigger/urls`` are in this answer and never again.
        public func create(_ draft: TriggerDraft) async throws(GatehouseError) -> Trigger {
            try await create(draft.json)
        }

        /// Makes a trigger by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.post, "/v1/triggers", json: body))
        }

        /// Changes what the changes name, as `["active": false, "doors": nil]`; its URL stays.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Trigger {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Deletes a trigger: its URL leads nowhere any more. Subscriptions that it made stay.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/triggers", id) }
    }
}

extension APIClient {
    /// A secret URL, and what its holder may do (PlaceOS).
    public struct Trigger: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its public half, `trig-…`.
        public let id: String
        /// What people call it.
        public let name: String
        /// Whose doors it is about.
        public let organization: String
        /// Ids of doors; nil for all of the organization.
        public let doors: [String]?
        /// Whether its holder may subscribe and unsubscribe.
        public let mayRegister: Bool
        /// Whether its holder may unlock doors.
        public let mayUnlock: Bool
        /// The level of the subscriptions that are made by it: 0 everything, 1 no credentials, 2 no persons either;
        /// nil where the gateway is older than that.
        public let privacyLevel: Int?
        /// How many requests a minute it takes; nil for any number.
        public let rate: Int?
        /// Whether it works at all.
        public let isActive: Bool
        /// When it was made.
        public let created: Instant
        /// Its URLs: in the answer that made it, and never again.
        public let urls: [String]?

        /// Reads an answer. - Throws: where it is none of that sort.
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
