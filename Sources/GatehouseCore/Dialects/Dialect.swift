public import HTTPTypes

/// The name of a dialect: `standard`.
public struct DialectName: Hashable, Sendable, CustomStringConvertible {
    /// The name, as in a subscription.
    @ExactText public private(set) var text: String

    /// Wraps any text; the ``DialectTable`` knows whether there is such a dialect.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// One vendor's contract with the receivers of its events. Everything in it is pure: bytes in, bytes out.
///
/// To add one, write a folder of its own and one line in the registry (docs/adding-a-dialect.md). The conformance suite
/// tests every registered dialect.
///
/// It works in both directions: ``prepare(_:at:)`` writes a payload as the vendor would, ``parse(_:)`` reads one that
/// the vendor wrote. For the vendor's own examples each is the inverse of the other.
///
/// The vendor's own API for subscriptions is ``manage``, as data that the server serves. Its requests are checked with
/// ``faults(in:)`` too, so that the same rules hold for a subscription of every interface.
public protocol Dialect: Sendable {
    /// The name that subscriptions use.
    var name: DialectName { get }

    /// The defaults of a subscription.
    var defaults: DialectDefaults { get }

    /// The dialect's names for each of our kinds, or the reason for having none. It covers the whole catalogue.
    var vocabulary: Vocabulary { get }

    /// Checks the contract's own rules for a subscription, beyond the common limits: its secret, its settings, its URL.
    ///
    /// It is called at every creation and change, also when the common limits are already broken, so that the owner
    /// gets all faults at once. A missing secret is no fault if the dialect makes one.
    ///
    /// - Returns: all faults; empty if the terms are valid.
    func faults(in terms: Terms) -> [ValidationError]

    /// Warnings about terms that the contract allows, such as a short secret. No warning quotes a value.
    func warnings(about terms: Terms) -> [TermsWarning]

    /// The vendor's own API for subscriptions; nil if the contract has none.
    var manage: ManageAPI? { get }

    /// The id that receivers know all subscriptions of an organization by; nil if each subscription has its own.
    /// Subscriptions with a common id also share their secret, see ``Integration``.
    func integrationID(of organization: OrganizationID) -> String?

    /// The promise that holds for a subscription of these terms when its receiver fails.
    func retries(for terms: Terms) -> RetryPromise

    /// Makes the id of a new subscription without a chosen one, in the form of the vendor's ids.
    func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID

    /// Makes a secret, in the contract's form, for a subscription without a given one; called if
    /// ``DialectDefaults/makesSecret`` is true.
    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret

    /// The vendor's names under which this event is owed to this subscription; empty if it is not owed.
    ///
    /// It is called for every candidate at admission and again before each attempt, so it must be fast and depend on
    /// its arguments alone. It gets the whole event, with nothing withheld: the selection must not depend on the
    /// privacy level. It returns only names that the ``vocabulary`` has for the kind or, under duress, for
    /// ``Kind/accessDuress``: see ``Event/kinds``.
    func names(of event: Event, for subscription: Subscription) -> [VendorName]

    /// The same, and if nothing is owed, whether the only reason is a required key that the event cannot fill. A
    /// contract without required keys implements only ``names(of:for:)``.
    func owing(of event: Event, for subscription: Subscription) -> Owing

    /// The message for testing a subscription's receiver: a harmless one that the contract has a name for, and if
    /// possible one that the subscription asks for.
    ///
    /// Its kind must be of the normal lane and no passage (`access.*`); ``prepareTest(of:for:at:)`` writes it with the
    /// same code as any delivery.
    func test(for subscription: Subscription) -> TestMessage

    /// Writes one attempt: filtered to the subscription's privacy level, rendered, signed.
    ///
    /// The same event and subscription give equal bytes in the body for every attempt; headers may give the attempt's
    /// number and time. ``Parcel/gatehouseHeaders`` and the owner's ``Terms/headerFields`` are part of every request.
    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest

    /// How several deliveries form one request to a subscription of these terms; nil if each has its own request.
    func batching(for terms: Terms) -> Batching?

    /// Reads a payload of this contract, from any sender. It does not compare the payload with the directory: the
    /// admission does.
    ///
    /// Unknown fields are no fault, since vendors add fields over time.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if it is not JSON, ``ValidationError/Code/unknownKind`` if the
    ///   contract has no such name, else the fault of the first missing or wrongly typed field, with its path.
    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent

    /// The same, with the header fields of the request, for contracts that name the event in a header.
    func parse(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> ParsedEvent

    /// Reads all events of a payload, in its order; at least one.
    ///
    /// - Throws: as ``parse(_:with:)``, for the first unreadable event: a payload is accepted whole or not at all.
    func parseAll(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> [ParsedEvent]
}

extension Dialect {
    /// The result of ``names(of:for:)``, for a contract without required keys.
    public func owing(of event: Event, for subscription: Subscription) -> Owing {
        let names = names(of: event, for: subscription)
        return names.isEmpty ? .nothing : .names(names)
    }

    /// No warnings.
    public func warnings(about terms: Terms) -> [TermsWarning] { [] }

    /// No API of its own.
    public var manage: ManageAPI? { nil }

    /// None: each subscription has its own id.
    public func integrationID(of organization: OrganizationID) -> String? { nil }

    /// Reads the body and ignores the headers.
    public func parse(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> ParsedEvent {
        try parse(body)
    }

    /// Reads the only event.
    public func parseAll(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> [ParsedEvent] {
        [try parse(body, with: headers)]
    }

    /// None: each delivery has its own request.
    public func batching(for terms: Terms) -> Batching? { nil }

    /// That of the ``defaults``, for all terms.
    public func retries(for terms: Terms) -> RetryPromise { defaults.retries }

    /// `subscription_` and 64 random bits.
    public func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        SubscriptionID("subscription_" + Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }
}

/// A vendor's own name for a kind of event.
public struct VendorName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    @ExactText public private(set) var text: String

    /// Wraps the vendor's name.
    public init(_ text: String) {
        self._text = ExactText(text)
    }

    public var description: String { text }
}

/// A dialect's names for our kinds. Every kind has names or a stated reason for having none, so no kind is forgotten.
public struct Vocabulary: Sendable {
    /// A dialect's entry for one kind.
    public enum Entry: Hashable, Sendable {
        /// The possible names; the dialect's selector picks those of an event.
        case named([VendorName])
        /// The contract has no name for it, for this reason.
        case silent(reason: String)
    }

    /// The entry of each kind.
    public let entries: [Kind: Entry]

    /// Takes the entries; the conformance suite checks that no kind is missing.
    public init(_ entries: [Kind: Entry]) {
        self.entries = entries
    }

    /// The kinds that the dialect has names for.
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

/// The defaults of a subscription in a dialect.
public struct DialectDefaults: Sendable {
    /// The privacy level, if the owner names none.
    public let privacyLevel: PrivacyLevel
    /// How long one attempt may take in each phase.
    public let timeout: Duration
    /// What the contract promises when a receiver fails.
    public let retries: RetryPromise
    /// Whether a secret is made if the owner gives none.
    public let makesSecret: Bool
    /// The promises that an owner may choose between; ``Dialect/retries(for:)`` describes each.
    public let promises: Set<Promise>
    /// How long an old secret signs beside a new one; nil if the contract has room for one signature.
    public let overlap: Duration?
    /// The part of the organization tree that a subscription covers by default.
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

/// The input of one attempt.
public struct Parcel: Sendable {
    /// The event.
    public let event: Event
    /// The subscription that it is owed to.
    public let subscription: Subscription
    /// The attempt's number, from 1.
    public let attempt: Int
    /// Whether a replay created the delivery.
    public let isReplay: Bool

    /// Joins the four.
    public init(event: Event, subscription: Subscription, attempt: Int, isReplay: Bool) {
        self.event = event
        self.subscription = subscription
        self.attempt = attempt
        self.isReplay = isReplay
    }
}

/// A finished request: the pool adds only Host and Content-Length.
public struct PreparedRequest: Sendable {
    /// The method; POST in every contract so far.
    public var method: HTTPRequest.Method
    /// Its URL.
    public var url: TargetURL
    /// The header fields, in order.
    public var headers: HTTPFields
    /// The body, exactly the bytes that were signed.
    public var body: [UInt8]
    /// The limit for the whole attempt, if the contract has one; nil for the sink's own rule.
    public var longest: Duration?
    /// The organization that the request counts for, so that none uses up a limit that all share; nil for the gateway's
    /// own. The pipeline sets it, for every dialect.
    public var organization: OrganizationID?
    /// Whether an https receiver must prove its name; the pipeline sets it, for every dialect.
    public var verifiesCertificates = true
    /// Whether the contract counts attempts (``RetryPromise/countsTries``), so that none is risked on a connection that
    /// was idle for long; the pipeline sets it.
    public var countsTries = false
    /// Which share it may use of what all receivers share; the pipeline sets it.
    public var share = Share.urgent
    /// Whether its connection is kept for the next request; the pipeline sets it.
    public var keepsConnection = true

    /// The shares of what all receivers share, such as connections.
    public enum Share: Hashable, Sendable {
        /// The delivery is urgent, or a person waits for the answer.
        case urgent
        /// The receiver is doing well.
        case well
        /// The receiver fails, or has no result yet.
        case others
    }

    /// Joins the parts.
    public init(method: HTTPRequest.Method = .post, url: TargetURL, headers: HTTPFields, body: [UInt8]) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The dialects of this gateway, by name. The composition root builds it from the registry's list.
public struct DialectTable: Sendable {
    /// The dialects in the order of the registry.
    public let dialects: [any Dialect]
    private let byName: [DialectName: any Dialect]

    /// Takes the registry's list. A duplicate name is a mistake of ours, which the conformance suite finds.
    public init(_ dialects: [any Dialect]) {
        self.dialects = dialects
        self.byName = Dictionary(dialects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The dialect of that name.
    public subscript(name: DialectName) -> (any Dialect)? { byName[name] }
}
