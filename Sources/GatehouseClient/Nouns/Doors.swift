public import GatehouseCore

extension APIClient {
    /// `/v1/doors`: the doors that people pass. `organization` chooses between doors with the same id.
    public struct Doors: Sendable {
        let client: APIClient

        /// The doors that the key may access, or those of an organization and all organizations below it, or of a
        /// panel.
        public func list(organization: String? = nil, panel: String? = nil) -> List<Door> {
            List(client: client, path: "/v1/doors", [("organization", organization), ("panel", panel)])
        }

        /// One door.
        ///
        /// - Parameter reveal: whether to show the secrets of its driver, which are `•••` otherwise. Needs a manager's
        ///   key, and is audited.
        public func show(
            _ id: String, organization: String? = nil, reveal: Bool = false
        ) async throws(GatehouseError) -> Door {
            try await client.value(
                Call(.get, try path(id), [("organization", organization), ("reveal", reveal ? "true" : nil)]))
        }

        /// Creates a door.
        public func create(_ draft: DoorDraft) async throws(GatehouseError) -> Door { try await create(draft.json) }

        /// Creates a door by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Door {
            try await client.value(Call(.post, "/v1/doors", json: body))
        }

        /// Changes the named fields, for example `["name": "Main lobby", "driver": nil]`; null removes a value.
        public func update(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Door {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a door. Its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        /// Unlocks a door once, although the request may be sent several times.
        ///
        /// - Parameter idempotencyKey: identifies the command; a repeated command has the same key. Without it, the
        ///   client makes one for this call.
        /// - Throws: ``GatehouseError/refused(_:)`` with the status 403 if the door refused, 501 if the gateway cannot
        ///   unlock it, 504 if it gave no answer; ``GatehouseError/unanswered(_:)`` if the result is unknown.
        public func unlock(
            _ id: String, organization: String? = nil, idempotencyKey: String? = nil
        ) async throws(GatehouseError) -> Unlocking {
            var call = Call(.post, try Call.path("/v1/doors", id, "/unlock"), [("organization", organization)])
            let random = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
            let wish = idempotencyKey ?? "wish-\(Hex.text(random))"
            guard (1...255).contains(wish.utf8.count), wish.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .misuse("an Idempotency-Key has 1 to 255 visible characters of ASCII")
            }
            call.idempotencyKey = wish
            call.repetition = .harmless
            return try await client.value(call)
        }

        private func path(_ id: String) throws(GatehouseError) -> String { try Call.path("/v1/doors", id) }
    }
}

extension APIClient {
    /// A door that people pass.
    public struct Door: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Its organization.
        public let organization: String
        /// Its panel.
        public let panel: String
        /// Its number at the panel, a whole number.
        public let number: Int64
        /// Its name.
        public let name: String
        /// Whether a passage counts as coming to or leaving work.
        public let isAttendancePoint: Bool
        /// How the gateway opens it, with secrets as `•••` unless they were requested; nil if it cannot.
        public let driver: JSONObject?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.panel = try json.text(of: "panel")
            self.number = try json.must("number", \.integer)
            self.name = try json.text(of: "name")
            self.isAttendancePoint = try json.flag(of: "attendance")
            self.driver = json["driver"]?.object
        }
    }
}

extension APIClient {
    /// A door to create.
    public struct DoorDraft: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its panel.
        public var panel: String
        /// Its number at the panel, a whole number.
        public var number: Int64
        /// Its id.
        public var id: String?
        /// The panel's organization, if several have a panel with that id.
        public var organization: String?
        /// Whether a passage counts as coming to or leaving work.
        public var isAttendancePoint: Bool?
        /// How the gateway opens it, for example `["type": "simulated"]`.
        public var driver: JSONObject?
        /// Members of the API without a property here; they replace those with one.
        public var more = JSONObject()

        /// Describes a door; without an id, the gateway makes one.
        public init(_ name: String, panel: String, number: Int64, id: String? = nil) {
            self.name = name
            self.panel = panel
            self.number = number
            self.id = id
        }

        /// The body of the POST request.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["panel"] = .string(panel)
            body["number"] = .integer(number)
            body.put("id", id.map { .string($0) })
            body.put("organization", organization.map { .string($0) })
            body.put("attendance", isAttendancePoint.map { .bool($0) })
            body.put("driver", driver.map { .object($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}

extension APIClient {
    /// A door that was unlocked.
    public struct Unlocking: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The command's id, `command_…`.
        public let id: String
        /// The door's organization.
        public let organization: String
        /// The door.
        public let door: String
        /// The result, `opened`.
        public let outcome: String?
        /// The gateway's id of the event that reports it.
        public let event: String?

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = try json.text(of: "organization")
            self.door = try json.text(of: "door")
            self.outcome = json["outcome"]?.text
            self.event = json["event"]?.text
        }
    }
}
