public import GatehouseCore

extension APIClient {
    /// Who wants what, where, in which dialect. What stands in no property of its own is in ``json``.
    public struct Subscription: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Unique in the gateway.
        public let id: String
        /// Whose events it gets, with all below; nil for the operator's own.
        public let organization: String?
        /// What people call it.
        public let name: String
        /// In which it is spoken to.
        public let dialect: String
        /// Where deliveries go; what stands behind the host is `•••` unless it was asked for.
        public let url: String
        /// Globs over kinds; nil for all that the dialect can say.
        public let kinds: [String]?
        /// Ids of doors; nil for all.
        public let doors: [String]?
        /// What it is told: 0 everything, 1 no credentials, 2 no credentials and no persons.
        public let privacyLevel: Int
        /// How long each phase of an attempt may take.
        public let timeout: Duration
        /// The dialect's own settings.
        public let settings: JSONObject
        /// Whether anything new is owed to it.
        public let isActive: Bool
        /// Whether its deliveries are held back, and by whom.
        public let hold: Hold
        /// When it becomes inactive by itself; nil for never.
        public let expiresAt: Instant?
        /// When it was made.
        public let created: Instant
        /// What deliveries are signed with: in the answer that made or rotated it, and never again.
        public let secret: String?
        /// Warnings about the terms that a request set, such as a short secret. Empty in all other answers.
        public let warnings: [String]
        /// How its deliveries fare: where it was shown or listed.
        public let health: SubscriptionHealth?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.organization = json["organization"]?.text
            self.name = try json.text(of: "name")
            self.dialect = try json.text(of: "dialect")
            self.url = try json.text(of: "url")
            self.kinds = json["kinds"]?.texts
            self.doors = json["doors"]?.texts
            self.privacyLevel = try json.integer(of: "privacyLevel")
            self.timeout = .milliseconds(try json.integer(of: "timeout"))
            self.settings = try json.must("settings", \.object)
            self.isActive = try json.flag(of: "active")
            self.hold = Hold(rawValue: try json.text(of: "hold"))
            self.expiresAt = json["expiresAt"]?.time
            self.created = try json.instant(of: "created")
            self.secret = json["secret"]?.text
            self.warnings = json["warnings"]?.texts ?? []
            self.health = try json["health"].map { json throws(GatehouseError) in try SubscriptionHealth(json) }
        }

        /// Whether deliveries are held back; a newer gateway may have more reasons than stand here.
        public struct Hold: RawRepresentable, Hashable, Sendable {
            /// The API's word.
            public let rawValue: String
            /// Takes the API's word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// They go.
            public static let none = Hold(rawValue: "none")
            /// Somebody paused it.
            public static let paused = Hold(rawValue: "paused")
            /// The gateway disabled it, because its receiver failed too long or said that it is gone.
            public static let disabled = Hold(rawValue: "disabled")
        }
    }
}

/// The words that this library has a name for; a newer gateway may answer others.
extension APIClient.Subscription.Hold: CaseIterable {
    /// Every reason for which deliveries are held back, and none.
    public static let allCases: [Self] = [.none, .paused, .disabled]
}
