public import GatehouseCore

extension APIClient {
    /// What needs attention.
    public struct Status: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// The things that need attention, urgent ones first; empty if all is well.
        public let attention: [Attention]

        /// Reads an answer. - Throws: if it does not have this form.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            var items: [Attention] = []
            for item in try json.must("attention", \.items) { items.append(try Attention(item)) }
            self.attention = items
        }

        /// One thing that needs attention.
        public struct Attention: Value {
            /// Everything that was answered, also fields that this library does not know.
            public let json: JSON
            /// Its subject: `subscriptions/{id}`, `store`, `certificate` or `credentials`.
            public let subject: String
            /// What is wrong.
            public let sentence: String
            /// Since when, if that is known.
            public let since: Instant?
            /// The number of attempts, deliveries or events; 1 if it is about none of these.
            public let count: Int
            /// Whether urgent deliveries are affected.
            public let isUrgent: Bool
            /// The command to type next; nil if the gateway names none.
            public let next: String?
            /// The kind of urgent events that the subscription asks for and could not get, if it is about such events.
            public let kind: String?
            /// The required fields that the last of these events lacked; empty if it is about something else.
            public let lacking: [String]
            /// When the last of these events was accepted.
            public let last: Instant?

            /// Reads an answer. - Throws: if it does not have this form.
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

    /// What needs attention, within what the key may access, or in one organization and all organizations below it.
    public func status(organization: String? = nil) async throws(GatehouseError) -> Status {
        try await value(Call(.get, "/v1/status", [("organization", organization)]))
    }
}
