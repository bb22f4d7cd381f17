public import GatehouseCore

extension APIClient {
    /// What needs attention.
    public struct Status: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The things to look at, the urgent first; empty where nothing is the matter.
        public let attention: [Attention]

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            var items: [Attention] = []
            for item in try json.must("attention", \.items) { items.append(try Attention(item)) }
            self.attention = items
        }

        /// One thing to look at.
        public struct Attention: Value {
            /// Everything that was answered, also what this library does not know.
            public let json: JSON
            /// What it is about: `subscriptions/{id}`, `store`, `certificate` or `credentials`.
            public let subject: String
            /// What is the matter.
            public let sentence: String
            /// Since when, where that is known.
            public let since: Instant?
            /// How many attempts, deliveries or events it is about; 1 where none are.
            public let count: Int
            /// Whether urgent deliveries are concerned.
            public let isUrgent: Bool
            /// The command to type next; nil from a gateway that names none.
            public let next: String?
            /// The kind of urgent events that the subscription asks for and was not told, where it is about such.
            public let kind: String?
            /// What the subscription's contract requires and the last of these events lacked; empty where it is about
            /// something else.
            public let lacking: [String]
            /// When the last of these events was taken.
            public let last: Instant?

            /// Reads an answer. - Throws: where it is none of that sort.
            public init(_ json: JSON) throws(GatehouseError) {
                self.json = json
                self.subject = try json.text(of: "subject")
                self.sentence = try json.text(of: "sentence")
                self.since = json["since"]?.time
                self.count = try json.integer(of: "count")
                self.isUrgent = try json.flag(of: "urgent")
                self.next = json["next"]?.text
                self.kind = json["kind"]?.text
                self.lacking = json["lacking"]?.items?.compactMap(\.text) ?? []
                self.last = json["last"]?.time
            }
        }
    }

    /// What needs attention, of what the key reaches, or of one organization and all below it.
    public func status(organization: String? = nil) async throws(GatehouseError) -> Status {
        try await value(Call(.get, "/v1/status", [("organization", organization)]))
    }
}
