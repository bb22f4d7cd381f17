public import GatehouseCore

extension APIClient {
    /// Which events are asked for.
    public struct EventFilter: Hashable, Sendable {
        /// Globs over kinds, `access.*`; empty for all.
        public var kinds: [String]
        /// Ids of doors; empty for all.
        public var doors: [String]
        /// Only this organization and all below it.
        public var organization: String?
        /// Only those that the gateway took from then on.
        public var since: Instant?
        /// Only those that it took before.
        public var until: Instant?

        /// Everything, unless something is named.
        public init(kinds: [String] = [], doors: [String] = [], organization: String? = nil) {
            self.kinds = kinds
            self.doors = doors
            self.organization = organization
        }

        /// The filter in the words of the API.
        var query: [(String, String?)] {
            [
                ("kind", kinds.isEmpty ? nil : kinds.joined(separator: ",")),
                ("door", doors.isEmpty ? nil : doors.joined(separator: ",")), ("organization", organization),
                ("since", since.map(RFC3339.microsecondsText)), ("until", until.map(RFC3339.microsecondsText)),
            ]
        }
    }

    /// One page of the feed.
    public struct EventPage: Hashable, Sendable {
        /// The events, oldest first.
        public let events: [Event]
        /// Asks for what is behind it; nil where there is nothing more at present: the cursor before stays good.
        public let next: String?
        /// Whether events behind the cursor that was asked for are missing, because the gateway keeps them no longer.
        public let isCut: Bool
    }
}
