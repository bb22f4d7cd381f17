/// Who wants what, where, in which dialect and at which privacy level. A change makes a new value of a higher revision.
///
/// A class, so that a delivery in flight carries one reference and not a copy of twenty fields.
public final class Subscription: Sendable {
    /// Its identifier, unique in the store.
    public let id: SubscriptionID
    /// The organization that it belongs to.
    public let organization: OrganizationID
    /// What its owner may change.
    public let terms: Terms
    /// Whether deliveries are held back, and why.
    public let hold: Hold
    /// Grows by one with every change.
    public let revision: Int64
    /// When it was made.
    public let created: Instant
    /// Who made it: the owner of the caller's key, or the key itself; nil where that was not kept.
    public let maker: String?
    /// The integer that stands for it in contracts that know integers alone, unique in the store.
    public let number: Int64
    /// The id under which its receiver knows its organization's integration, where its contract has such and it was
    /// made since ids are kept.
    public let integration: String?
    /// The kinds that it can be owed: its globs, cut down to what its dialect can say.
    public let kinds: KindSet
    /// The doors that it asked for; nil for all.
    public let doors: Set<DoorID>?
    /// How many deliveries one request to it carries at most.
    public let batch: Int
    /// How many deliveries may wait for it before new ones are dropped; nil where none ever is.
    public let buffer: Int?
    /// What of its requests is hidden where its receiver repeats it.
    public let repeatable: RepeatableTexts

    /// Joins the parts.
    public init(_ identity: Identity, terms: Terms, hold: Hold, revision: Int64, traits: DialectTraits) {
        self.id = identity.id
        self.organization = identity.organization
        self.created = identity.created
        self.maker = identity.maker
        self.number = identity.number
        self.integration = identity.integration
        self.terms = terms
        self.hold = hold
        self.revision = revision
        self.kinds = KindGlob.wanted(by: terms.kinds).intersection(traits.sayable)
        self.doors = terms.doors.map { Set($0) }
        self.batch = traits.batch
        self.buffer = traits.buffer
        self.repeatable = RepeatableTexts(terms)
    }

    /// One whose dialect says no more of these terms than which kinds it has words for.
    public convenience init(_ identity: Identity, terms: Terms, hold: Hold, revision: Int64, sayable: KindSet) {
        self.init(identity, terms: terms, hold: hold, revision: revision, traits: DialectTraits(sayable: sayable))
    }

    /// What its dialect makes of its terms: asked once a revision, for it is needed at every event.
    public struct DialectTraits: Sendable {
        /// The kinds that the dialect has words for.
        public let sayable: KindSet
        /// How many deliveries one request carries at most.
        public let batch: Int
        /// How many deliveries may wait before new ones are dropped; nil where none ever is.
        public let buffer: Int?

        /// Joins the parts.
        public init(sayable: KindSet, batch: Int = 1, buffer: Int? = nil) {
            self.sayable = sayable
            self.batch = batch
            self.buffer = buffer
        }

        /// Asks the dialect.
        public init(of dialect: any Dialect, for terms: Terms) {
            self.init(
                sayable: dialect.vocabulary.sayable, batch: dialect.batching(for: terms)?.most ?? 1,
                buffer: dialect.retries(for: terms).buffer)
        }
    }

    /// What stays the same for as long as a subscription lives.
    public struct Identity: Hashable, Sendable {
        /// Its identifier.
        public let id: SubscriptionID
        /// Its organization.
        public let organization: OrganizationID
        /// When it was made.
        public let created: Instant
        /// Who made it.
        public let maker: String?
        /// The integer that the store gave it, unique there; 0 until it has.
        public let number: Int64
        /// The id of the integration that it belongs to; nil where it belongs to none, or to one whose id is not kept.
        public let integration: String?

        /// Joins the parts.
        public init(
            id: SubscriptionID, organization: OrganizationID, created: Instant, maker: String? = nil,
            number: Int64 = 0, integration: String? = nil
        ) {
            self.number = number
            self.integration = integration
            self.id = id
            self.organization = organization
            self.created = created
            self.maker = maker
        }
    }

    /// The same revision with other terms, of which nothing that was worked out depends.
    init(of present: Subscription, terms: Terms) {
        self.id = present.id
        self.organization = present.organization
        self.created = present.created
        self.maker = present.maker
        self.number = present.number
        self.integration = present.integration
        self.terms = terms
        self.hold = present.hold
        self.revision = present.revision
        self.kinds = present.kinds
        self.doors = present.doors
        self.batch = present.batch
        self.buffer = present.buffer
        self.repeatable = present.repeatable
    }

    /// What stays the same, for making the next revision.
    public var identity: Identity {
        Identity(
            id: id, organization: organization, created: created, maker: maker, number: number,
            integration: integration)
    }

    /// Why deliveries are held back: everything stays owed, nothing is dialled.
    public enum Hold: String, Hashable, Sendable, CaseIterable {
        /// Deliveries go out.
        case none
        /// Somebody paused it.
        case paused
        /// The gateway gave up on the receiver, which said 410 Gone.
        case disabled
    }

    /// Whether new events are owed to it, unless it has expired.
    public var isActive: Bool { terms.isActive }

    /// Whether its time is over, so that nothing is owed to it from then on.
    public func hasExpired(at now: Instant) -> Bool { terms.expiresAt.map { $0 <= now } ?? false }

    /// Whether what is owed may be dialled now.
    public var isOpen: Bool { terms.isActive && hold == .none }

    /// Whether what happens now reaches its receiver: it is active, its time is not over, and nothing holds it back.
    /// This is what the vendors' contracts call active, for they know no other state.
    public func isDelivering(at now: Instant) -> Bool { isOpen && !hasExpired(at: now) }

    /// How many requests may be on their way to it at once: one alone where requests carry several deliveries, so that
    /// each has all that gathered meanwhile and none overtakes another.
    public var requestsAtOnce: Int { batch > 1 ? 1 : terms.concurrency }
}

/// How much of an event leaves: 0 everything, 1 all but credentials, 2 all but credentials and persons
/// (ProdataKey's `secrecyLevel`, seed 002).
public enum PrivacyLevel: Int, Comparable, CaseIterable, Hashable, Sendable {
    case everything = 0
    case noCredentials = 1
    case noPersons = 2

    public static func < (left: PrivacyLevel, right: PrivacyLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Text that must not be seen: it prints as dots wherever it is printed by mistake, and is compared in a time that
/// depends on its length alone.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The secret itself; ask for it only where it is used or shown the once.
    @ExactText public private(set) var revealed: String

    /// Wraps a secret.
    public init(_ text: String) {
        self._revealed = ExactText(text)
    }

    public var description: String { "•••" }
    public var debugDescription: String { "•••" }

    /// Byte for byte, in constant time (``ConstantTime/equal(_:_:)``).
    public static func == (left: Secret, right: Secret) -> Bool {
        ConstantTime.equal(Array(left.revealed.utf8), Array(right.revealed.utf8))
    }
}
