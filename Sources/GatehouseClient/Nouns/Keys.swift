public import GatehouseCore

extension APIClient {
    /// `/v1/keys`: who may call.
    public struct Keys: Sendable {
        let client: APIClient

        /// The keys of the organizations that the key reaches, or of one and all below it.
        public func list(organization: String? = nil) -> List<Key> {
            List(client: client, path: "/v1/keys", [("organization", organization)])
        }

        /// One key, never what it proves itself with.
        public func show(_ id: String) async throws(GatehouseError) -> Key {
            try await client.value(Call(.get, try path(id)))
        }

        /// Makes a key; ``Key/credential`` is in this answer and never again.
        public func create(_ draft: KeyDraft) async throws(GatehouseError) -> Key { try await create(draft.json) }

        /// Makes a key by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.post, "/v1/keys", json: body))
        }

        /// Changes what the changes name, as `["rate": 600, "expiresAt": nil]`; the credential stays.
        public func update(_ id: String, _ changes: JSON) async throws(GatehouseError) -> Key {
            try await client.value(Call(.patch, try path(id), json: changes))
        }

        /// Revokes a key: nobody is let in by it any more.
        public func delete(_ id: String) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id)))
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/keys", id) }
    }
}

extension APIClient {
    /// A credential of the API: who calls, what for, and for which organization and all below it.
    public struct Key: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its public half, `key_…`.
        public let id: String
        /// What people call it.
        public let name: String
        /// What its holder may do.
        public let role: Role
        /// What it reaches, with all below; nil for a key above all trees.
        public let organization: String?
        /// The person to whom it was given; nil where it is a program's.
        public let owner: JSONObject?
        /// The name by which its holder may log in beside its id; nil for none.
        public let login: String?
        /// What it reads of events: 0 everything, 1 no credentials, 2 no credentials and no persons.
        public let privacyLevel: Int
        /// How many requests a minute it may make; nil for any number.
        public let rate: Int?
        /// The only panels that it may tell of; nil for all.
        public let panels: [String]?
        /// Globs: each source that it names must fit one of them; nil for any source.
        public let sources: [String]?
        /// When it was made.
        public let created: Instant
        /// When it stops letting anybody in; nil for never.
        public let expiresAt: Instant?
        /// When it was used last, to the minute or so; nil before.
        public let lastUsed: Instant?
        /// What it proves itself with, `gk_…`: in the answer that made it, and never again.
        public let credential: String?

        /// Reads an answer. - Throws: where it is none of that sort.
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

        /// What the holder of a key may do; a newer gateway may have more roles than stand here.
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

/// The words that this library has a name for; a newer gateway may answer others.
extension APIClient.Key.Role: CaseIterable {
    /// Every role.
    public static let allCases: [Self] = [.admin, .manager, .reporter, .source]
}

extension APIClient {
    /// A key that is to be made.
    public struct KeyDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// What its holder may do.
        public var role: Key.Role
        /// What it reaches, with all below.
        public var organization: String
        /// What it reads of events: 0 everything, 1 no credentials, 2 no credentials and no persons; left out, 1.
        public var privacyLevel: Int?
        /// When it stops letting anybody in; left out, never.
        public var expiresAt: Instant?
        /// How many requests a minute it may make; left out, any number.
        public var rate: Int?
        /// Of the role source: the only panels that it may tell of; left out, all.
        public var panels: [String]?
        /// Of the role source: globs; each source that it names must fit one of them; left out, any.
        public var sources: [String]?
        /// The person to whom it is given: `firstName`, `lastName`, `email`.
        public var owner: JSONObject?
        /// A name by which its holder may log in beside its id, unique in the gateway; left out, none.
        public var login: String?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a key.
        public init(_ name: String, role: Key.Role, organization: String) {
            self.name = name
            self.role = role
            self.organization = organization
        }

        /// What is posted.
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
