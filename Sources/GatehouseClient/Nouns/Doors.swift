public import GatehouseCore

extension APIClient {
    /// `/v1/doors`: what people pass. `organization` chooses where several have a door of that id.
    public struct Doors: Sendable {
        let client: APIClient

        /// The doors that the key reaches, or those of an organization and all below it, or of a panel.
        public func list(organization: String? = nil, panel: String? = nil) -> List<Door> {
            List(client: client, path: "/v1/doors", [("organization", organization), ("panel", panel)])
        }

        /// One door.
        ///
        /// - Parameter reveal: whether to show what is secret of its driver, which stands as `•••` otherwise. For
        ///   managers, and audited.
        public func show(
            _ id: String, organization: String? = nil, reveal: Bool = false
        ) async throws(GatehouseError) -> Door {
            try await client.value(
                Call(.get, try path(id), [("organization", organization), ("reveal", reveal ? "true" : nil)]))
        }

        /// Makes a door.
        public func create(_ draft: DoorDraft) async throws(GatehouseError) -> Door { try await create(draft.json) }

        /// Makes a door by the members of the API.
        public func create(_ body: JSON) async throws(GatehouseError) -> Door {
            try await client.value(Call(.post, "/v1/doors", json: body))
        }

        /// Changes what the changes name, as `["name": "Main lobby", "driver": nil]`; null takes away.
        public func update(
            _ id: String, _ changes: JSON, organization: String? = nil
        ) async throws(GatehouseError) -> Door {
            try await client.value(Call(.patch, try path(id), [("organization", organization)], json: changes))
        }

        /// Deletes a door; its events stay.
        public func delete(_ id: String, organization: String? = nil) async throws(GatehouseError) {
            _ = try await client.accepted(Call(.delete, try path(id), [("organization", organization)]))
        }

        /// Tells a door to open, once, however often the request has to be sent.
        ///
        /// - Parameter idempotencyKey: stands for the wish; the same wish told again later has the same. Left out, one
        ///   is made for this call.
        /// - Throws: ``GatehouseError/refused(_:)`` with the status 403 where the door refused, 501 where it cannot be
        ///   told, 504 where it gave no answer; ``GatehouseError/unanswered(_:)`` where it is not known.
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
    /// What people pass.
    public struct Door: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in its organization.
        public let id: String
        /// Whose it is.
        public let organization: String
        /// The panel that it hangs on.
        public let panel: String
        /// The whole number that it has at its panel.
        public let number: Int64
        /// What people call it.
        public let name: String
        /// Whether passing it counts as coming to or leaving work.
        public let isAttendancePoint: Bool
        /// How it is told to open, secrets as `•••` unless they were asked for; nil where it is not.
        public let driver: JSONObject?

        /// Reads an answer. - Throws: where it is none of that sort.
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
    /// A door that is to be made.
    public struct DoorDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// The panel that it hangs on.
        public var panel: String
        /// The whole number that it has at its panel.
        public var number: Int64
        /// Its id.
        public var id: String?
        /// The panel's organization, where several have a panel of that id.
        public var organization: String?
        /// Whether passing it counts as coming to or leaving work.
        public var isAttendancePoint: Bool?
        /// How it is told to open, as `["type": "simulated"]`.
        public var driver: JSONObject?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a door; an id that is left out is made by the gateway.
        public init(_ name: String, panel: String, number: Int64, id: String? = nil) {
            self.name = name
            self.panel = panel
            self.number = number
            self.id = id
        }

        /// What is posted.
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
    /// A door that was told to open, and did.
    public struct Unlocking: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The command's id, `command_…`.
        public let id: String
        /// Whose door it is.
        public let organization: String
        /// The door.
        public let door: String
        /// What came of it, `opened`.
        public let outcome: String?
        /// The gateway's id of the event that tells of it.
        public let event: String?

        /// Reads an answer. - Throws: where it is none of that sort.
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
