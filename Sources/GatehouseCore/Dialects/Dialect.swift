public import HTTPTypes

/// The name under which a dialect is chosen: `standard`.
public struct DialectName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands in a subscription.
    @ExactText public private(set) var text: String

    /// Takes the name as it is; whether there is such a dialect is for the ``DialectTable`` to say.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// One vendor's contract with the software it tells of events. Everything in it is pure: bytes in, bytes out.
///
/// To add one, write a folder of its own and one line in the registry (docs/adding-a-dialect.md). The conformance suite
/// tests it without being told.
///
/// It goes both ways: ``prepare(_:at:)`` writes a payload as the vendor would, ``parse(_:)`` reads one that the vendor
/// wrote, and for the vendor's own examples each undoes the other.
///
/// One part of a contract is not here yet: the vendor's manage routes, as data that the server serves. What comes in
/// through them will be checked with ``faults(in:)``, so that a subscription is held to the same rules whichever door
/// it came through.
public protocol Dialect: Sendable {
    /// The name under which subscriptions choose it.
    var name: DialectName { get }

    /// What a subscription gets where its owner says nothing.
    var defaults: DialectDefaults { get }

    /// What the dialect calls each of our kinds, and why it is silent where it is. Total over the catalogue.
    var vocabulary: Vocabulary { get }

    /// Checks what this contract asks of a subscription beyond the common bounds: its secret, its settings, its URL.
    ///
    /// Asked at every creation and change, and also where the common bounds are broken already, so that the owner hears
    /// of everything at once. A secret that is missing is no fault where the dialect makes one.
    ///
    /// - Returns: the faults, all at once, empty where the terms are right.
    func faults(in terms: Terms) -> [ValidationError]

    /// Warnings about terms that the contract allows, such as a short secret. No warning quotes a value.
    func warnings(about terms: Terms) -> [TermsWarning]

    /// The vendor's own API for subscriptions, where he has one.
    var manage: ManageAPI? { get }

    /// The id under which receivers know all subscriptions of an organization together; nil where the contract has each
    /// stand for itself. Where there is one they share their secret too, see ``Integration``.
    func integrationID(of organization: OrganizationID) -> String?

    /// What a subscription of these terms is promised when its receiver fails.
    func retries(for terms: Terms) -> RetryPromise

    /// Makes the id of a new subscription whose maker chose none, in the form that the vendor's ids have.
    func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID

    /// Makes a secret for a subscription whose owner gave none, in the contract's form; asked where
    /// ``DialectDefaults/makesSecret`` says so.
    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret

    /// The vendor names that this event owes this subscription; none where it owes nothing.
    ///
    /// Called for every candidate at admission and again before each attempt, so it must be quick and depend on its
    /// arguments alone. It sees the event as it was, nothing withheld: what is selected must not hang on the privacy
    /// level. None but those that the ``vocabulary`` gives the kind, or, under duress, ``Kind/accessDuress``: see
    /// ``Event/kinds``.
    func names(of event: Event, for subscription: Subscription) -> [VendorName]

    /// The same, and where nothing is owed, whether it would be were it not for something that the contract requires
    /// and the event does not have. Where a contract requires nothing, ``names(of:for:)`` alone is written.
    func owing(of event: Event, for subscription: Subscription) -> Owing

    /// What the receiver of a subscription is tried with: something harmless that the contract has a name for, by
    /// preference something that the subscription asks for.
    ///
    /// What it is must be of the normal lane and no passage (`access.*`); ``prepareTest(of:for:at:)`` writes it by the
    /// same code as any delivery.
    func test(for subscription: Subscription) -> TestMessage

    /// Writes one attempt: filtered to the subscription's privacy level, rendered, signed.
    ///
    /// The same event and subscription give equal bytes in the body, whichever attempt it is; headers may tell the
    /// attempt and its time. ``Parcel/gatehouseHeaders`` and the owner's ``Terms/headerFields`` go with every request.
    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest

    /// How several deliveries go into one request of a subscription of these terms; nil where each has its own.
    func batching(for terms: Terms) -> Batching?

    /// Reads a payload that is written by this contract, whoever wrote it. What it says is not held against the
    /// directory: that is for the admission.
    ///
    /// What the contract does not name is no fault, for vendors add fields as they go.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where it is no JSON, ``ValidationError/Code/unknownKind`` where the
    ///   contract has no
    ///   such name, else the fault of the first field that is missing or of another type, by its path.
    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent

    /// The same with the header fields that came with it, for contracts that name there what happened.
    func parse(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> ParsedEvent

    /// Reads every event of a payload, in its order; at least one.
    ///
    /// - Throws: as ``parse(_:with:)``, for the first that cannot be read: a payload is taken whole or not at all.
    func parseAll(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> [ParsedEvent]
}

extension Dialect {
    /// What ``names(of:for:)`` says, in a contract that requires nothing.
    public func owing(of event: Event, for subscription: Subscription) -> Owing {
        let names = names(of: event, for: subscription)
        return names.isEmpty ? .nothing : .names(names)
    }

    /// None.
    public func warnings(about terms: Terms) -> [TermsWarning] { [] }

    /// None.
    public var manage: ManageAPI? { nil }

    /// None: each subscription stands for itself.
    public func integrationID(of organization: OrganizationID) -> String? { nil }

    /// What the body alone says.
    public func parse(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> ParsedEvent {
        try parse(body)
    }

    /// The one that there is.
    public func parseAll(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> [ParsedEvent] {
        [try parse(body, with: headers)]
    }

    /// None: each delivery has its own request.
    public func batching(for terms: Terms) -> Batching? { nil }

    /// That of the ``defaults``, whatever the terms.
    public func retries(for terms: Terms) -> RetryPromise { defaults.retries }

    /// `subscription_` and 64 random bits.
    public func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        SubscriptionID("subscription_" + Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }
}

/// A vendor's own word for something that happens.
public struct VendorName: Hashable, Sendable, CustomStringConvertible {
    /// The word.
    @ExactText public private(set) var text: String

    /// Takes the vendor's word.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// What a dialect calls our kinds. Every kind is either named or silent for a stated reason, so that nothing falls
/// between.
public struct Vocabulary: Sendable {
    /// What a dialect has to say of one kind.
    public enum Entry: Hashable, Sendable {
        /// The names that the kind can get; which of them an event gets, the dialect's selector says.
        case named([VendorName])
        /// The contract has no word for it, and why that is so.
        case silent(reason: String)
    }

    /// What is said of each kind.
    public let entries: [Kind: Entry]

    /// Takes the entries; the conformance suite holds them to be total.
    public init(_ entries: [Kind: Entry]) {
        self.entries = entries
    }

    /// The kinds that the dialect can say.
    public var sayable: KindSet {
        KindSet(
            entries.compactMap { kind, entry in
                switch entry {
                case .named: kind
                case .silent: nil
                }
            })
    }
}

/// What a subscription in a dialect starts from.
public struct DialectDefaults: Sendable {
    /// The privacy level where the owner names none.
    public let privacyLevel: PrivacyLevel
    /// How long one attempt may take in each phase.
    public let timeout: Duration
    /// What the contract promises when a receiver fails.
    public let retries: RetryPromise
    /// Whether a secret is made where the owner gives none.
    public let makesSecret: Bool
    /// The promises that an owner may choose between; ``Dialect/retries(for:)`` says what each means.
    public let promises: Set<Promise>
    /// How long an old secret signs beside a new one; nil where the contract has room for one signature.
    public let overlap: Duration?
    /// How far down the tree of organizations a subscription reaches where its owner says nothing.
    public let scope: Terms.Scope

    /// Describes a contract's defaults.
    public init(
        privacyLevel: PrivacyLevel, timeout: Duration, retries: RetryPromise, makesSecret: Bool,
        promises: Set<Promise> = [.durable], overlap: Duration? = nil, scope: Terms.Scope = .recursive
    ) {
        self.scope = scope
        self.overlap = overlap
        self.promises = promises
        self.privacyLevel = privacyLevel
        self.timeout = timeout
        self.retries = retries
        self.makesSecret = makesSecret
    }
}

/// Everything that one attempt is written from.
public struct Parcel: Sendable {
    /// What happened.
    public let event: Event
    /// Who is owed it.
    public let subscription: Subscription
    /// Which attempt this is, from 1.
    public let attempt: Int
    /// Whether the delivery was asked for again by a replay.
    public let isReplay: Bool

    /// Joins the four.
    public init(event: Event, subscription: Subscription, attempt: Int, isReplay: Bool) {
        self.event = event
        self.subscription = subscription
        self.attempt = attempt
        self.isReplay = isReplay
    }
}

/// A request as it leaves: all that the pool adds is Host and Content-Length.
public struct PreparedRequest: Sendable {
    /// The method; POST in every contract so far.
    public var method: HTTPRequest.Method
    /// Where it goes.
    public var url: TargetURL
    /// The header fields in order.
    public var headers: HTTPFields
    /// The body, the very bytes that were signed.
    public var body: [UInt8]
    /// How long the whole try may take, where the contract says; nil for the sink's own rule.
    public var longest: Duration?
    /// On whose account it goes, so that nothing that organizations share is used up by one; nil for the gateway's own.
    /// The pipeline sets it, whatever the dialect.
    public var organization: OrganizationID?
    /// Whether an https receiver must prove its name; the pipeline sets it, whatever the dialect.
    public var verifiesCertificates = true
    /// Whether the contract counts tries (``RetryPromise/countsTries``), so that none is risked on a connection that
    /// was idle for long; the pipeline sets it.
    public var countsTries = false

    /// Joins the parts.
    public init(method: HTTPRequest.Method = .post, url: TargetURL, headers: HTTPFields, body: [UInt8]) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The dialects that this gateway speaks, by name. Made from the registry's list at the composition root.
public struct DialectTable: Sendable {
    /// The dialects in the order of the registry.
    public let dialects: [any Dialect]
    private let byName: [DialectName: any Dialect]

    /// Takes the registry's list. A name that stands twice is a mistake of ours, which the conformance suite finds.
    public init(_ dialects: [any Dialect]) {
        self.dialects = dialects
        self.byName = Dictionary(dialects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The dialect of that name.
    public subscript(name: DialectName) -> (any Dialect)? { byName[name] }
}
