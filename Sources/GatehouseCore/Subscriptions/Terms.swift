/// The part of a subscription that its owner sets, as in the native API.
public struct Terms: Hashable, Sendable {
    /// The part of the organization tree that it covers.
    public enum Scope: Hashable, Sendable {
        /// Events of its own organization.
        case this
        /// Events of its own organization and all below.
        case recursive
        /// Events of these panels of its own organization.
        case panels([PanelID])
    }

    /// Its name for people.
    @ExactText public var name: String = ""
    /// The dialect of its deliveries.
    public var dialect: DialectName
    /// The URL of its receiver.
    public var url: TargetURL
    /// Its scope.
    public var scope: Scope
    /// Globs over the names of kinds; nil for all that the dialect has names for.
    public var kinds: [String]?
    /// The doors whose events it wants, see ``Event/isAt(oneOf:)``; nil for all, and for events without a door.
    public var doors: [DoorID]?
    /// The dialect's own settings.
    public var settings: JSONObject = JSONObject()
    /// 0 nothing withheld, 1 no credentials, 2 no credentials and no persons.
    public var privacyLevel: PrivacyLevel
    /// The secret that signs its deliveries, if the dialect signs.
    public var secret: Secret?
    /// The previous secret, while it still signs; nil if there is none.
    public var outgoing: Outgoing?
    /// Whether its deliveries also have a Standard Webhooks signature, in addition to the dialect's.
    public var standardSignature: Bool = false
    /// The secret of that signature; made when the signature is switched on.
    public var standardSecret: Secret?
    /// Whether each delivery has our own `gatehouse-*` headers.
    public var extraHeaders: Bool = true
    /// The authentication of deliveries, besides their signature.
    public var authentication: Authentication = .none
    /// Whether an https receiver must prove its name by a trusted certificate.
    public var verifiesCertificates: Bool = true
    /// The owner's headers for every delivery, in order.
    public var headers: [Header] = []
    /// How long one attempt may take in each of its phases.
    public var timeout: Duration
    /// The delays of its own retry schedule; nil for the dialect's.
    public var retries: [Duration]?
    /// The promise; nil for the dialect's default.
    public var promise: Promise?
    /// How many deliveries may be in flight at once, 1 to 256.
    public var concurrency: Int = TermsBounds.defaultConcurrency
    /// When it expires; nil for never.
    public var expiresAt: Instant?
    /// Whether new events are owed to it.
    public var isActive: Bool = true

    /// Sets the required parts; the rest has defaults.
    public init(
        name: String, dialect: DialectName, url: TargetURL, defaults: DialectDefaults
    ) {
        self.name = name
        self.dialect = dialect
        self.url = url
        self.scope = defaults.scope
        self.privacyLevel = defaults.privacyLevel
        self.timeout = defaults.timeout
    }

    /// The part that is read from the store before the fields are.
    init(kept name: String, dialect: DialectName, url: TargetURL) {
        self.name = name
        self.dialect = dialect
        self.url = url
        self.scope = .this
        self.privacyLevel = .noPersons
        self.timeout = .milliseconds(TermsBounds.timeout.lowerBound)
    }

    /// One header of the owner.
    public struct Header: Hashable, Sendable {
        /// Its name, in the owner's spelling.
        @ExactText public private(set) var name: String
        /// Its value.
        @ExactText public private(set) var value: String

        /// Joins the two.
        public init(_ name: String, _ value: String) {
            self._name = ExactText(name)
            self._value = ExactText(value)
        }
    }
}

extension Terms: FieldSubject {
    package typealias FieldContext = TermsContext

    /// The fields of a subscription that its owner sets, without the dialects' texts.
    package static let fields = fields(in: DialectTable([]))

    /// The fields of a subscription that its owner sets, one row each. To add one, declare it above and write its row.
    package static func fields(in dialects: DialectTable) -> FieldTable<Terms> {
        let rows = reach(dialects) + manner(dialects) + pace(dialects)
        return FieldTable("subscription", rows, toldUnknown: 10) { name, known in
            "a subscription has no field of that name\(Nearest.hint(for: name, among: known))"
        }
    }

    // swift-format-ignore
    private static func reach(_ dialects: DialectTable) -> [FieldRow<Terms>] {
        let word = Schema.word(dialects.dialects.map(\.name.text))
        let level = "0: deliveries have all of an event, 1: all but credentials, 2: all but credentials and persons."
        let levels = "\(level) \(told(dialects) { "\($0.privacyLevel.rawValue)" }) The level of the key that asks where that is stricter; a less strict one is refused."
        let secrets = "What deliveries are signed with, in the form that the dialect has. \(told(dialects) { $0.makesSecret ? "made" : "none" })"
        return [
            .fixed("organization", .id, "Whose it is.", "") { _ in nil }.required().only(.taken).reading { $1.organization($0) }.going(before: "scope", in: .listing),
            .fixed("dialect", word, "The contract in which it is spoken to.", "the dialect cannot change: make another subscription") { .string($0.dialect.text) }.required { $0.missingDialect },
            .row("name", \.name, .termsName, "What people call it.").required("name is missing: what people will call the subscription").always.harmless.going(before: "dialect", in: .listing).going(before: "dialect", in: .description),
            .row("url",  \.url,  .target,    "Where deliveries go; what stands behind the host is •••.")
                .taking("Where deliveries go: an absolute https URL; http only where the operator allows its address.")
                .changing("Where deliveries go.").required("url is missing: where deliveries go").always,
            .row("scope", \.scope, .scope).always,
            .nullable("kinds", \.kinds, .kinds, "Globs over kinds; null for all that the dialect can say.")
                .taking("Globs over kinds, `door.*`; all that the dialect can say where it is left out."),
            .nullable("doors", \.doors, .doors, "The doors whose events it gets, and alarms at no door that the directory knows; null for all.")
                .taking("The doors whose events it gets; all where it is left out. It gets alarms at no door that the directory knows too."),
            .row("settings", \.settings, .settings, "The dialect's own settings.")
                .taking("The dialect's own settings, as its page has them.").always.deciding { .object($0.reaching) },
            .row("privacyLevel", \.privacyLevel, .termsLevel, level).taking(levels).always,
            .nullable("secret", \.secret, .secret, secrets).reading { $1.secret($0) }.once.no(.description).going(before: "standardSecret", in: .answer),
        ]
    }

    // swift-format-ignore
    private static func manner(_ dialects: DialectTable) -> [FieldRow<Terms>] {
        [
            .row("standardSignature", \.standardSignature, .truth, "Whether deliveries are signed by Standard Webhooks too.")
                .taking("Whether deliveries are signed by Standard Webhooks too, with a secret of their own; the standard dialect signs so already.").reading { $1.standardSignature($0) },
            .row("standardSecret", \.standardSecret, .madeSecret, "What that is signed with; shown when it is made and never again.").only([.answer, .store, .description]).once.optional.going(before: "outgoingSecretUntil", in: .answer),
            .row("extraHeaders",   \.extraHeaders, .truth, "Whether the `gatehouse-*` header fields go with each delivery.")
                .taking("Whether the `gatehouse-*` header fields go with each delivery; true where it is left out.").always.harmless,
            .row("authentication", \.authentication, .authentication).removable.sound.optional,
            .row("headers",        \.headers, .headers, "Header fields that go with each delivery, their values as •••.")
                .taking("At most \(TermsBounds.headers) header fields that go with each delivery; a change takes one out by null.").always.going(before: "authentication", in: .reading),
            .row("tls",            \.verifiesCertificates, .verification, "How https receivers are held to their names.")
                .taking("").going(before: "headers", in: .description),
        ]
    }

    // swift-format-ignore
    private static func pace(_ dialects: DialectTable) -> [FieldRow<Terms>] {
        let timeouts = "How long one attempt may take, in milliseconds. \(told(dialects) { "\($0.timeout.microseconds / 1000)" })"
        return [
            .row("timeout", \.timeout, .timeout, "How long one attempt may take, in milliseconds.")
                .taking(timeouts).always.harmless,
            .row("retries", \.retries, .retries).harmless,
            .notBuilt("order", accepting: ["none"], as: .always("none"), "Deliveries go out as they come; another order is not built yet.", advice: "deliveries go out as they come: leave it out, or \"none\"").going(before: "rate", in: .reading),
            .notBuilt("rate",  accepting: [],       as: .always(nil),    "Not built yet: `concurrency` bounds what is in flight.",          advice: "concurrency bounds what is in flight: leave it out").going(before: "scope", in: .reading),
            .row("concurrency",  \.concurrency, .concurrency, "How many requests may be in flight at once.")
                .taking("How many requests may be in flight at once; \(TermsBounds.defaultConcurrency) where it is left out.").always.harmless,
            .nullable("promise",   \.promise, .promise, "Whose promise holds where the receiver fails; null for the dialect's.")
                .taking("Whose promise holds where the receiver fails, of those that the dialect offers.").harmless.going(before: "concurrency", in: .description).going(before: "timeout", in: .reading),
            .nullable("expiresAt", \.expiresAt, .expiry, "When it becomes inactive by itself; null for never.")
                .taking("When it becomes inactive by itself, in the future; of a date alone the end, in UTC where it has no zone.").harmless.going(before: "settings", in: .reading),
            .row("active", \.isActive, .truth, "Whether new events are owed to it.")
                .taking("Whether new events are owed to it; true where it is left out.").reading { $1.active($0) }.always.harmless.going(before: "settings", in: .reading),
            .described("warnings", .list(of: .text()), "What its owner should know, as that the secret is short; in the answer to who set it.").optional,
            .shown("outgoingSecretUntil", .time, "Until when the secret before the present one signs.") { $0.outgoing.map { .string(RFC3339.text($0.until)) } }.optional,
            .row("outgoing", \.outgoing, .outgoing).only(.store),
        ]
    }

    /// The default of each dialect, as a text.
    private static func told(_ dialects: DialectTable, _ value: (DialectDefaults) -> String) -> String {
        let words = dialects.dialects.map { "\($0.name) \(value($0.defaults))" }
        return "Where it is left out: \(words.joined(separator: ", "))."
    }

    /// The settings except those that only change the description or the repetition of deliveries.
    private var reaching: JSONObject {
        JSONObject(settings.members.filter { !["description", "max_retries"].contains($0.key) })
    }
}
