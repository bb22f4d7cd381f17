internal import GatehouseCore

/// The objects in which subscriptions are told, for the dialects that a gateway speaks.
struct SubscriptionSchemas: Sendable {
    let dialects: DialectTable

    /// All of them.
    var all: [(String, Schema)] {
        [
            ("Subscription", .record(identity + terms + standing)), ("SubscriptionPage", .page(of: "Subscription")),
            ("SubscriptionWithSecret", .record(identity + terms + standing + [secret])),
            ("SubscriptionDraft", .draft(required + common)), ("SubscriptionChange", .change(stays + common)),
            ("SubscriptionHealth", .record(Self.health)), ("Scope", scope), ("Retries", retries),
            ("Authentication", Self.authentication(withSecrets: false)),
            ("AuthenticationDraft", Self.authentication(withSecrets: true)), ("SecretRotation", rotation),
            ("Replay", .record(replay)), ("ReplayPage", .page(of: "Replay")), ("ReplayOrder", replayOrder),
            ("ReplayCount", .record(hours + counted)), ("Trial", .record(Self.trial)),
        ]
    }

    private var dialect: Schema { .word(dialects.dialects.map(\.name.text)) }

    private var scope: Schema {
        .any(of: [.word(["this", "recursive"]), .list(of: .id, 1...TermsBounds.list)])
            .saying(
                "Its own organization, that with all below it, or these panels of its own organization; by default all "
                    + "below, where the dialect takes that. With panels, alarms that name no panel are owed too.")
    }

    private var retries: Schema {
        .any(of: [.word(["default"]), .list(of: .integer(TermsBounds.delay), TermsBounds.delays)])
            .saying("The delays before the second try and those after it, in seconds; or the dialect's own.")
    }

    // MARK: What is answered

    // swift-format-ignore
    private static let trial: [Field] = [
        .must("event",   .uuid,    "The test's id, by which it is found nowhere."),
        .must("kind",    .text(),  "What kind was sent: neither an alarm nor a passage."),
        .must("name",    .text(),  "What the dialect calls that."),
        .must("asked",   .boolean, "Whether the subscription asks for that; it is sent all the same."),
        .must("attempt", .ref("Attempt")),
    ]

    // swift-format-ignore
    private var identity: [Field] {
        [
            .must("id",           .text(),    "Unique in the store."),
            .must("organization", .id.orNull, "Whose it is; null for the operator's own, which the settings ask for."),
        ]
    }

    // swift-format-ignore
    private var terms: [Field] {
        [
            .must("name",           .text(),         "What people call it."),
            .must("dialect",        dialect,         "The contract in which it is spoken to."),
            .must("url",            .text(),         "Where deliveries go; what stands behind the host is •••."),
            .must("scope",          .ref("Scope")),
            .must("kinds",          Schema.list(of: .text()).orNull, "Globs over kinds; null for all that the dialect can say."),
            .must("doors",          Schema.list(of: .id).orNull,     "The doors whose events it gets, and alarms at no door that the directory knows; null for all."),
            .must("settings",       .free,           "The dialect's own settings."),
            .must("privacyLevel",   .privacyLevel,   Self.privacy),
            .must("standardSignature", .boolean,     "Whether deliveries are signed by Standard Webhooks too."),
            .may ("standardSecret", .text(),         "What that is signed with; shown when it is made and never again."),
            .must("extraHeaders",   .boolean,        "Whether the `gatehouse-*` header fields go with each delivery."),
            .may ("authentication", .ref("Authentication")),
            .must("tls",            Self.tls,        "How https receivers are held to their names."),
            .must("headers",        .map(of: .text()), "Header fields that go with each delivery, their values as •••."),
            .must("timeout",        .integer(TermsBounds.timeout), "How long one attempt may take, in milliseconds."),
            .must("retries",        .ref("Retries")),
            .must("promise",        Self.promise.orNull, "Whose promise holds where the receiver fails; null for the dialect's."),
            .must("concurrency",    .integer(TermsBounds.concurrency), "How many requests may be in flight at once."),
            .must("expiresAt",      .time.orNull,    "When it becomes inactive by itself; null for never."),
            .must("active",         .boolean,        "Whether new events are owed to it."),
            .may ("warnings",       .list(of: .text()), "What its owner should know, as that the secret is short; in the answer to who set it."),
            .may ("outgoingSecretUntil", .time,      "Until when the secret before the present one signs."),
        ]
    }

    // swift-format-ignore
    private var standing: [Field] {
        [
            .must("hold",      .word(Subscription.Hold.allCases.map(\.rawValue)), "Why deliveries are held back; none where they go."),
            .must("created",   .time,         "When it was made."),
            .must("createdBy", Schema.text().orNull, "The person or key that made it; null where that was not kept."),
            .may ("health",    .ref("SubscriptionHealth"), "How its deliveries fare; left out while the store is away."),
        ]
    }

    // swift-format-ignore
    static let health: [Field] = [
        .must("state",    .word(SubscriptionHealth.State.allCases.map(\.rawValue)), "ok: the last attempt succeeded. resting: the last ones failed, fewer than \(HealthRule.failures). failing: so many in a row, or it was told that it fails. held: paused or disabled. idle: inactive, expired, or nothing was owed yet."),
        .must("since",    .time.orNull,   "Since when attempts fail, or succeed again; null before the first one."),
        .must("nextTry",  .time.orNull,   "When the next one is due; null where none is."),
        .must("consecutiveFailures", .count, "How many attempts failed since the last one that succeeded."),
        .must("lastDelivered", .time.orNull, "When the receiver last took a delivery, up to a second too early; null where it never did."),
        .must("lastOutcome", outcome.orNull, "What the last attempt met; null before the first one."),
        .must("waiting",  .count,         "How many deliveries wait."),
        .must("dead",     .count,         "How many ran out of tries, or met the subscription's end while they were owed."),
        .must("oldest",   .time.orNull,   "When the oldest event was taken that has a delivery that waits or is dead; null where none has."),
        .must("dropped",  .count,         "How many were not kept since its buffer was full."),
        .must("cancelled", .count,        "How many were cancelled by request."),
    ]

    private static let outcome = Schema.record([
        .must("outcome", .word(Outcome.words)),
        .must("status", .integer(100...999).orNull, "Where there was an answer."),
    ])

    private var secret: Field {
        .must(
            "secret", Schema.text().orNull,
            "What deliveries are signed with; null where they are not, or where the organization was shown it before.")
    }

    // MARK: What is taken

    // swift-format-ignore
    private var required: [Field] {
        [
            .mayNull("id",           .id,      "Made where it is left out."),
            .must   ("organization", .id,      "Whose it is."),
            .must   ("dialect",      dialect,  "The contract in which it is spoken to."),
            .must   ("name",         .name,    "What people call it."),
            .must   ("url",          Self.url, "Where deliveries go: an absolute https URL; http only where the operator allows its address."),
        ]
    }

    // swift-format-ignore
    private var stays: [Field] {
        [
            .mayNull("organization", .id,      "As it is: it cannot change."),
            .mayNull("dialect",      dialect,  "As it is: it cannot change."),
            .mayNull("name",         .name,    "What people call it."),
            .mayNull("url",          Self.url, "Where deliveries go."),
        ]
    }

    // swift-format-ignore
    private var common: [Field] {
        [
            .mayNull("scope",          .ref("Scope")),
            .mayNull("kinds",          .list(of: Self.listed, 0...TermsBounds.list), "Globs over kinds, `door.*`; all that the dialect can say where it is left out."),
            .mayNull("doors",          .list(of: Self.listed, 1...TermsBounds.list), "The doors whose events it gets; all where it is left out. It gets alarms at no door that the directory knows too."),
            .mayNull("settings",       .free,                 "The dialect's own settings, as its page has them."),
            .mayNull("privacyLevel",   .privacyLevel,         "\(Self.privacy) \(defaults { "\($0.privacyLevel.rawValue)" }) The level of the key that asks where that is stricter; a less strict one is refused."),
            .mayNull("secret",         .text(),               "What deliveries are signed with, in the form that the dialect has. \(defaults { $0.makesSecret ? "made" : "none" })"),
            .mayNull("standardSignature", .boolean,           "Whether deliveries are signed by Standard Webhooks too, with a secret of their own; the standard dialect signs so already."),
            .mayNull("extraHeaders",   .boolean,              "Whether the `gatehouse-*` header fields go with each delivery; true where it is left out."),
            .mayNull("authentication", .ref("AuthenticationDraft")),
            .mayNull("headers",        .map(of: Schema.text().orNull, most: 2 * TermsBounds.headers), "At most \(TermsBounds.headers) header fields that go with each delivery; a change takes one out by null."),
            .mayNull("tls",            .draft([.mayNull("verification", .boolean, "Whether a receiver must prove its name by a certificate; true where it is left out.")])),
            .mayNull("timeout",        .integer(TermsBounds.timeout), "How long one attempt may take, in milliseconds. \(defaults { "\($0.timeout.microseconds / 1000)" })"),
            .mayNull("retries",        .ref("Retries")),
            .mayNull("order",          .always("none"),       "Deliveries go out as they come; another order is not built yet."),
            .mayNull("rate",           .always(nil),          "Not built yet: `concurrency` bounds what is in flight."),
            .mayNull("concurrency",    .integer(TermsBounds.concurrency), "How many requests may be in flight at once; \(TermsBounds.defaultConcurrency) where it is left out."),
            .mayNull("promise",        Self.promise,          "Whose promise holds where the receiver fails, of those that the dialect offers."),
            .mayNull("expiresAt",      .told,                 "When it becomes inactive by itself, in the future; of a date alone the end, in UTC where it has no zone."),
            .mayNull("active",         .boolean,              "Whether new events are owed to it; true where it is left out."),
        ]
    }

    // swift-format-ignore
    private var rotation: Schema {
        .draft([
            .mayNull("secret",      .text(), "The new one, in the form that the dialect has; made where it is left out and the dialect makes one."),
            .mayNull("effectiveAt", .told,   "When it takes over, in the future; with the next attempt where it is left out."),
        ])
    }

    // MARK: Replays

    // swift-format-ignore
    private var hours: [Field] {
        [
            .must("subscription", .text(),      "To whom."),
            .must("since",        .time,        "Events that the gateway took at this instant or later."),
            .must("until",        .time.orNull, "Events that it took before this instant; null for all that were there."),
            .must("kinds",        Schema.list(of: .text()).orNull, "Globs over kinds; null for all that the subscription wants."),
        ]
    }

    // swift-format-ignore
    private var replay: [Field] {
        [.must("id", .text(), "Unique in the store and growing.")] + hours + [
            .must("state",    .word(["running", "finished", "cancelled"]), "Where it stands; what it has brought to life goes its own way."),
            .may ("reason",   .word(DeliveryState.CancelReason.allCases.map(\.rawValue)), "Why it was broken off."),
            .must("owed",     .count,  "How many deliveries it has brought to life."),
            .must("progress", .number, "How much of it is done, 0 to 1."),
            .must("created",  .time,   "When it was asked for."),
        ]
    }

    // swift-format-ignore
    private var counted: [Field] {
        [
            .must("dryRun",   .boolean, "True."),
            .must("owed",     .count,   "How many deliveries it would bring to life, as far as was counted."),
            .must("complete", .boolean, "Whether ten seconds sufficed to count all."),
        ]
    }

    // swift-format-ignore
    private var replayOrder: Schema {
        .draft([
            .must   ("since",  .told,    "Events that the gateway took at this instant or later; it is past."),
            .mayNull("until",  .told,    "Events that it took before this instant, of a date alone before its end; all that are there now where it is left out."),
            .mayNull("kinds",  .list(of: Self.listed, 1...100), "Globs over kinds; all that the subscription wants where it is left out."),
            .mayNull("dryRun", .boolean, "Whether to count and begin nothing."),
        ])
    }

    /// What holds where nothing is said, for each dialect.
    private func defaults(_ value: (DialectDefaults) -> String) -> String {
        let words = dialects.dialects.map { "\($0.name) \(value($0.defaults))" }
        return "Where it is left out: \(words.joined(separator: ", "))."
    }

    private static let privacy =
        "0: deliveries have all of an event, 1: all but credentials, 2: all but credentials and persons."
    private static let url = Schema.text(
        8...TargetURL.longest,
        pattern: #"^[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"#
            + #"([/?][!"$-\[\]-~]*)?$"#)
    private static let promise = Schema.word(Promise.allCases.map(\.rawValue))
    private static let listed = Schema.text(TermsBounds.listed)
    private static let tls = Schema.record([.must("verification", .boolean)])

    /// How deliveries prove themselves; what is secret of it is dots where it is shown.
    private static func authentication(withSecrets isDraft: Bool) -> Schema {
        let basic = Schema.text(1...255)
        let token = isDraft ? Schema.text(1...4096, pattern: "^[A-Za-z0-9+\\-./=_~]+$") : .text(1...4096)
        let fields: [Field] = [
            isDraft ? .may("type", .word(Authentication.types)) : .must("type", .word(Authentication.types)),
            .may("user", basic, "Of `basic`, without a colon."),
            .may("password", basic, "Of `basic`."),
            .may("token", token, "Of `bearer`."),
        ]
        return (isDraft ? Schema.draft(fields) : .record(fields))
            .saying("How deliveries prove themselves beyond their signature; by nothing where it is left out.")
    }
}
