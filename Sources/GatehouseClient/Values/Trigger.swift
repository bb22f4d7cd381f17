public import GatehouseCore

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
