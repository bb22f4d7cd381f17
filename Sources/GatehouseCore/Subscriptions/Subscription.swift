/// The subscription of a receiver: which events it gets, where, in which dialect and at which privacy level. A change
/// makes a new value with a higher revision.
///
/// It is a class, so that a delivery in flight has one reference and not a copy of twenty fields.
public final class Subscription: Sendable {
    /// Its identifier, unique in the store.
    public let id: SubscriptionID
    /// The organization that it belongs to.
    public let organization: OrganizationID
    /// The part that its owner may change.
    public let terms: Terms
    /// Whether deliveries are held, and why.
    public let hold: Hold
    /// Grows by one with every change.
    public let revision: Int64
    /// When it was created.
    public let created: Instant
    /// Its creator: the owner of the caller's key, or the key itself; nil if that was not stored.
    public let maker: String?
    /// Its integer for contracts that have only integers, unique in the store.
    public let number: Int64
    /// The id of its organization's integration for the receiver; nil if its contract has no integrations, or if it was
    /// created before ids were stored.
    public let integration: String?
    /// The kinds that it can be owed: those of its globs that its dialect has names for.
    public let kinds: KindSet
    /// The doors that it asks for; nil for all.
    public let doors: Set<DoorID>?
    /// The maximum number of deliveries in one request to it.
    public let batch: Int
    /// How many deliveries may wait for it before new ones are dropped; nil if none is ever dropped.
    public let buffer: Int?
    /// The texts of its requests that are hidden if its receiver repeats them.
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

    /// A subscription whose dialect gives only the kinds that it has names for.
    public convenience init(_ identity: Identity, terms: Terms, hold: Hold, revision: Int64, sayable: KindSet) {
        self.init(identity, terms: terms, hold: hold, revision: revision, traits: DialectTraits(sayable: sayable))
    }

    /// What its dialect derives from its terms: computed once per revision, because every event needs it.
    public struct DialectTraits: Sendable {
        /// The kinds that the dialect has names for.
        public let sayable: KindSet
        /// The maximum number of deliveries in one request.
        public let batch: Int
        /// How many deliveries may wait before new ones are dropped; nil if none is ever dropped.
        public let buffer: Int?

        /// Joins the parts.
        public init(sayable: KindSet, batch: Int = 1, buffer: Int? = nil) {
            self.sayable = sayable
            self.batch = batch
            self.buffer = buffer
        }

        /// Gets the traits from the dialect.
        public init(of dialect: any Dialect, for terms: Terms) {
            self.init(
                sayable: dialect.vocabulary.sayable, batch: dialect.batching(for: terms)?.most ?? 1,
                buffer: dialect.retries(for: terms).buffer)
        }
    }

    /// The parts of a subscription that never change.
    public struct Identity: Hashable, Sendable {
        /// Its identifier.
        public let id: SubscriptionID
        /// Its organization.
        public let organization: OrganizationID
        /// When it was created.
        public let created: Instant
        /// Its creator.
        public let maker: String?
        /// The store's integer for it, unique there; 0 before it is stored.
        public let number: Int64
        /// The id of its integration; nil if it has none, or if the id was not stored.
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

    /// The same revision with other terms, if no computed part depends on the difference.
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

    /// The parts that never change, for making the next revision.
    public var identity: Identity {
        Identity(
            id: id, organization: organization, created: created, maker: maker, number: number,
            integration: integration)
    }

    /// Why deliveries are held: everything stays owed, and nothing is sent.
    public enum Hold: String, Hashable, Sendable, CaseIterable {
        /// Deliveries are sent.
        case none
        /// A caller paused it.
        case paused
        /// The gateway gave the receiver up, which answered 410 Gone.
        case disabled
    }

    /// Whether new events are owed to it, unless it has expired.
    public var isActive: Bool { terms.isActive }

    /// Whether it has expired, so that it is owed nothing from then on.
    public func hasExpired(at now: Instant) -> Bool { terms.expiresAt.map { $0 <= now } ?? false }

    /// Whether its owed deliveries may be sent now.
    public var isOpen: Bool { terms.isActive && hold == .none }

    /// Whether a present event reaches its receiver: it is active, not expired, and not held. Vendors' contracts call
    /// this active, because they have no other state.
    public func isDelivering(at now: Instant) -> Bool { isOpen && !hasExpired(at: now) }

    /// The maximum number of requests to it at once: only one if requests carry several deliveries, so that each
    /// carries all that gathered meanwhile and none overtakes another.
    public var requestsAtOnce: Int { batch > 1 ? 1 : terms.concurrency }
}

/// The part of an event that is sent: 0 everything, 1 all but credentials, 2 all but credentials and persons
/// (ProdataKey's `secrecyLevel`, seed 002).
public enum PrivacyLevel: Int, Comparable, CaseIterable, Hashable, Sendable {
    /// The whole event.
    case everything = 0
    /// The event without credentials.
    case noCredentials = 1
    /// The event without credentials and persons.
    case noPersons = 2

    public static func < (left: PrivacyLevel, right: PrivacyLevel) -> Bool { left.rawValue < right.rawValue }
}

/// A text that must not be shown: it prints as dots even by mistake, and is compared in a time that depends only on its
/// length.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The secret itself; read it only where it is used or shown the one time.
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
