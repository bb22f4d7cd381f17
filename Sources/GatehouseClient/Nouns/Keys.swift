public import GatehouseCore

extension APIClient {
    /// `/v1/keys`: the keys of callers.
    public struct Keys: Sendable {
        let client: APIClient

        /// The keys of the organizations that the key may access, or of one and all organizations below it.
        public func list(organization: String? = nil) -> List<Key> {
            List(client: client, path: "/v1/keys", [("organization", organization)])
        }

        /// One key, without its secret value.
        public func show(_ id: String) async throws(GatehouseError) -> Key {
            try await client.value(Call(.get, try path(id)))
        }

        /// Creates a key; ``Key/credential`` is in this answer and in no later one.
        public func create(_ draft: KeyDraft) async throws(GatehouseError) -> Key { try await create(draft.json) }

        /// Creates a key by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.post, "/v1/keys", json: body))
        }

        /// Changes the named fields, for example `["rate": 600, "expiresAt": nil]`; the credential stays.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Revokes a key: the gateway refuses every later call with it.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/keys", id) }
    }
}

extension APIClient {
    /// A credential of the API: the caller, its role, and the organization that it may access, with all organizations
    /// below.
    public struct Key: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its public half, `key_…`.
        public let id: String
        /// Its name.
        public let name: String
        /// What its holder may do.
        public let role: Role
        /// The organization that it may access, with all organizations below; nil for a key above all trees.
        public let organization: String?
        /// The person to whom it was given; nil if it belongs to a program.
        public let owner: JSONObject?
        /// The login name that its holder may use in place of its id; nil for none.
        public let login: String?
        /// What it may read of events: 0 everything, 1 no credentials, 2 no credentials and no persons.
        public let privacyLevel: Int
        /// How many requests a minute it may make; nil for no limit.
        public let rate: Int?
        /// The only panels whose events it may report; nil for all.
        public let panels: [String]?
        /// Globs: the source of each posted event must match one of them; nil for any source.
        public let sources: [String]?
        /// When it was created.
        public let created: Instant
        /// When it expires; nil for never.
        public let expiresAt: Instant?
        /// When it was used last, within about a minute; nil if it was never used.
        public let lastUsed: Instant?
        /// The secret value, `gk_…`: only in the answer to its creation.
        public let credential: String?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.name = try json.text(of: "name")
            self.role = Role(rawValue: try json.text(of: "role"))
            self.organization = json["organization"]?.text
            self.owner = json["owner"]?.object
            self.login = json["login"]?.text
            self.privacyLevel = try json.integer(of: "privacyLevel")
            self.rate = json["rate"]?.integer.flatMap { Int(exactly: $0) }
            self.panels = json["panels"]?.texts
            self.sources = json["sources"]?.texts
            self.created = try json.instant(of: "created")
            self.expiresAt = json["expiresAt"]?.time
            self.lastUsed = json["lastUsed"]?.time
            self.credential = json["key"]?.text
        }

        /// What the holder of a key may do; a newer gateway may have more roles.
        public struct Role: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// Everything.
            public static let admin = Role(rawValue: "admin")
            /// Subscriptions, panels, doors, unlocking, and reading.
            public static let manager = Role(rawValue: "manager")
            /// Reading.
            public static let reporter = Role(rawValue: "reporter")
            /// Posting events, and nothing else.
            public static let source = Role(rawValue: "source")
        }
    }
}

/// The words that have a name in this library; a newer gateway may answer others.
extension APIClient.Key.Role: CaseIterable {
    /// Every role.
    public static let allCases: [Self] = [.admin, .manager, .reporter, .source]
}

extension APIClient {
    /// A key to create.
    public struct KeyDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What its holder may do.
        public var role: Key.Role
        /// The organization that it may access, with all organizations below.
        public var organization: String
        /// What it may read of events: 0 everything, 1 no credentials, 2 no credentials and no persons (default: 1).
        public var privacyLevel: Int?
        /// When it expires (default: never).
        public var expiresAt: Instant?
        /// How many requests a minute it may make (default: no limit).
        public var rate: Int?
        /// For the role source: the only panels whose events it may report (default: all).
        public var panels: [String]?
        /// For the role source: globs; the source of each posted event must match one of them (default: any).
        public var sources: [String]?
        /// The person to whom it is given: `firstName`, `lastName`, `email`.
        public var owner: JSONObject?
        /// A login name that its holder may use in place of its id, unique in the gateway (default: none).
        public var login: String?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes a key.
        public init(_ name: String, role: Key.Role, organization: String) {
            self.name = name
            self.role = role
            self.organization = organization
        }

        /// The body of the POST request.
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
