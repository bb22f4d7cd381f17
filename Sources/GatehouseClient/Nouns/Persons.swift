public import GatehouseCore

extension APIClient {
    /// `/v1/persons`: the data about persons.
    public struct Persons: Sendable {
        let client: APIClient

        /// Blanks a person in every kept event, or counts the events. The gateway continues by itself; a repeated
        /// request joins the running one.
        ///
        /// - Parameters:
        ///   - id: the person's id, as events name it.
        ///   - organization: the person's organization, with all organizations below it.
        public func erase(
            _ id: String, of organization: String, isDryRun: Bool = false
        ) async throws(GatehouseError) -> Erasure {
            var call = Call(
                .post, try Self.path(id), [("organization", organization), ("dryRun", isDryRun ? "true" : nil)])
            call.repetition = .harmless
            return try await client.value(call)
        }

        /// The progress of the newest erasure of a person.
        public func erasure(of id: String, in organization: String) async throws(GatehouseError) -> Erasure {
            try await client.value(Call(.get, try Self.path(id), [("organization", organization)]))
        }

        /// Reporters choose the ids of persons freely.
        private static func path(_ id: String) throws(GatehouseError) -> String {
            try Call.insistOnText(id)
            return "/v1/persons/\(Call.escaped(id))/erase"
        }
    }
}

extension APIClient {
    /// A request to blank a person, and its progress.
    public struct Erasure: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The person's id.
        public let person: String
        /// Whether there are events left to check.
        public let isRunning: Bool
        /// Whether events are only counted.
        public let isDryRun: Bool
        /// How many events of the person were found.
        public let events: Int
        /// The position up to which events were checked, and the position of the end.
        public let looked: (at: Int, upTo: Int)
        /// The keys that belong to the person and show the name until they are revoked.
        public let keys: [String]

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.person = try json.text(of: "person")
            self.isRunning = try json.text(of: "state") == "running"
            self.isDryRun = try json.flag(of: "dryRun")
            self.events = try json.integer(of: "events")
            self.looked = (try json.integer(of: "looked"), try json.integer(of: "upTo"))
            self.keys = json["keys"]?.texts ?? []
        }

        public static func == (left: Erasure, right: Erasure) -> Bool { left.json == right.json }

        public func hash(into hasher: inout Hasher) { hasher.combine(json) }
    }
}
