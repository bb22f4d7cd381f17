public import GatehouseCore

extension APIClient {
    /// `/v1/persons`: what is known of persons.
    public struct Persons: Sendable {
        let client: APIClient

        /// Has a person blanked in every event that is kept, or counts the events. The gateway goes on with it by
        /// itself; the same wish told again is the one that is under way.
        ///
        /// - Parameters:
        ///   - id: the person's id, as events name it.
        ///   - organization: whose person it is, with all below.
        public func erase(
            _ id: String, of organization: String, isDryRun: Bool = false
        ) async throws(GatehouseError) -> Erasure {
            var call = Call(
                .post, Self.path(id), [("organization", organization), ("dryRun", isDryRun ? "true" : nil)])
            call.repetition = .harmless
            return try await client.value(call)
        }

        /// How far the newest wish about a person has come.
        public func erasure(of id: String, in organization: String) async throws(GatehouseError) -> Erasure {
            try await client.value(Call(.get, Self.path(id), [("organization", organization)]))
        }

        /// Ids of persons are whatever reporters call them.
        private static func path(_ id: String) -> String { "/v1/persons/\(Call.escaped(id))/erase" }
    }
}

extension APIClient {
    /// A wish that a person be blanked, and how far that has come.
    public struct Erasure: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The person's id.
        public let person: String
        /// Whether there are events yet to be looked at.
        public let isRunning: Bool
        /// Whether events are counted and nothing is blanked.
        public let isDryRun: Bool
        /// How many events of the person were found.
        public let events: Int
        /// Up to which place events were looked at, and up to which they will be.
        public let looked: (at: Int, upTo: Int)
        /// The keys that are the person's and tell the name until they are revoked.
        public let keys: [String]

        /// Reads an answer. - Throws: where it is none of that sort.
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
