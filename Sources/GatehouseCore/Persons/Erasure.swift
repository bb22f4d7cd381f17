/// The wish that what is known of a person be blanked, and how far that has come.
public struct Erasure: Hashable, Sendable {
    /// Its number, unique in the store and growing.
    public let number: Int64
    /// Whom it is about, and where.
    public let wish: Wish
    /// When it was asked for.
    public let begun: Instant
    /// The newest event at that moment: later ones are not touched.
    public let upTo: EventPosition
    /// Up to here every event has been looked at.
    public var reached: EventPosition
    /// How many events of the person were found.
    public var events: Int
    /// When the last was looked at; nil before.
    public var ended: Instant?

    /// Describes an erasure that has come so far.
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

    /// What is asked for.
    public struct Wish: Hashable, Sendable {
        /// The person's id, as events name it.
        @ExactText public private(set) var person: String
        /// The organization that was named.
        public let organization: OrganizationID
        /// It and all below it, as the tree stood then.
        public let organizations: Set<OrganizationID>
        /// Whether events are counted only, and nothing is blanked.
        public let isDryRun: Bool

        /// Describes a wish.
        public init(
            person: String, organization: OrganizationID, organizations: Set<OrganizationID>, isDryRun: Bool
        ) {
            self._person = ExactText(person)
            self.organization = organization
            self.organizations = organizations
            self.isDryRun = isDryRun
        }
    }

    /// Whether it concerns an event: one that was there when it was asked for, of one of its organizations, about the
    /// person.
    public func concerns(_ event: Event) -> Bool {
        guard !wish.isDryRun, wish.organizations.contains(event.organization),
            event.labels.numbers.position.map({ $0 <= upTo.number }) ?? (event.received <= begun)
        else { return false }
        return event.isAbout(wish.person)
    }
}
