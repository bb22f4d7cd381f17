/// A request to erase a person's data, and its progress.
public struct Erasure: Hashable, Sendable {
    /// Its number, unique in the store and growing.
    public let number: Int64
    /// The request.
    public let wish: Wish
    /// When it was requested.
    public let begun: Instant
    /// The newest event at that moment: later ones are not changed.
    public let upTo: EventPosition
    /// Every event up to this position was examined.
    public var reached: EventPosition
    /// How many events about the person were found.
    public var events: Int
    /// When the last event was examined; nil before.
    public var ended: Instant?

    /// Describes an erasure with its progress.
    public init(
        number: Int64, wish: Wish, begun: Instant, upTo: EventPosition, reached: EventPosition, events: Int,
        ended: Instant?
    ) {
        self.number = number
        self.wish = wish
        self.begun = begun
        self.upTo = upTo
        self.reached = reached
        self.events = events
        self.ended = ended
    }

    /// The request.
    public struct Wish: Hashable, Sendable {
        /// The person's id, as in events.
        @ExactText public private(set) var person: String
        /// The requested organization.
        public let organization: OrganizationID
        /// It and all below it, at the time of the request.
        public let organizations: Set<OrganizationID>
        /// Whether events are only counted and not changed.
        public let isDryRun: Bool

        /// Describes a request.
        public init(
            person: String, organization: OrganizationID, organizations: Set<OrganizationID>, isDryRun: Bool
        ) {
            self._person = ExactText(person)
            self.organization = organization
            self.organizations = organizations
            self.isDryRun = isDryRun
        }
    }

    /// Whether it covers an event: one that existed at the request, of one of its organizations, about the person.
    public func concerns(_ event: Event) -> Bool {
        guard !wish.isDryRun, wish.organizations.contains(event.organization),
            event.labels.numbers.position.map({ $0 <= upTo.number }) ?? (event.received <= begun)
        else { return false }
        return event.isAbout(wish.person)
    }
}
