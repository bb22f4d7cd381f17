internal import GatehouseCore

/// The schemas of subscriptions, for the dialects of a gateway.
struct SubscriptionSchemas: Sendable {
    let dialects: DialectTable

    /// All of them.
    var all: [(String, Schema)] {
        [
            ("Subscription", .record(identity + fields.answered + standing)),
            ("SubscriptionPage", .page(of: "Subscription")),
            ("SubscriptionWithSecret", .record(identity + fields.answered + standing + [secret])),
            ("SubscriptionDraft", .draft([Self.id] + fields.drafted)), ("SubscriptionChange", .change(fields.changed)),
            ("SubscriptionHealth", .record(Self.health)), ("Scope", scope), ("Retries", retries),
            ("Authentication", Self.authentication(withSecrets: false)),
            ("AuthenticationDraft", Self.authentication(withSecrets: true)), ("SecretRotation", rotation),
            ("Replay", .record(replay)), ("ReplayPage", .page(of: "Replay")), ("ReplayOrder", replayOrder),
            ("ReplayCount", .record(hours + counted)), ("Trial", .record(Self.trial)),
        ]
    }

    private var fields: FieldTable<Terms> { Terms.fields(in: dialects) }

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

    // MARK: Answers

    // swift-format-ignore
    private static let trial: [Property] = [
        .must("event",   .uuid,    "The test's id, by which it is found nowhere."),
        .must("kind",    .text(),  "What kind was sent: neither an alarm nor a passage."),
        .must("name",    .text(),  "What the dialect calls that."),
        .must("asked",   .boolean, "Whether the subscription asks for that; it is sent all the same."),
        .must("attempt", .ref("Attempt")),
    ]

    // swift-format-ignore
    private var identity: [Property] {
        [
            .must("id",           .text(),    "Unique in the store."),
            .must("organization", .id.orNull, "Whose it is; null for the operator's own, which the settings ask for."),
        ]
    }

    // swift-format-ignore
    private var standing: [Property] {
        [
            .must("hold",      .word(Subscription.Hold.allCases.map(\.rawValue)), "Why deliveries are held back; none where they go."),
            .must("created",   .time,         "When it was made."),
            .must("createdBy", Schema.text().orNull, "The person or key that made it; null where that was not kept."),
            .may ("health",    .ref("SubscriptionHealth"), "How its deliveries fare; left out while the store is away."),
        ]
    }

    // swift-format-ignore
    static let health: [Property] = [
        .must("state",    .word(SubscriptionHealth.State.allCases.map(\.rawValue)), "ok: the last attempt succeeded. resting: the last ones failed, fewer than \(HealthRule.failures). failing: so many in a row, or it was told that it fails. held: paused or disabled. idle: inactive, expired, or nothing was owed yet."),
        .must("since",    .time.orNull,   "Since when attempts fail, or succeed again; null before the first one."),
        .must("resting",  .boolean,       "Whether the receiver rests, because \(HealthRule.failuresBeforeRest) requests in a row failed: until `nextTry` only urgent deliveries are attempted. It is about the gateway that answers."),
        .must("nextTry",  .time.orNull,   "When the next attempt is made; null where none is due. While the receiver rests, not before the end of its rest."),
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

    private var secret: Property {
        .must(
            "secret", Schema.text().orNull,
            "What deliveries are signed with; null where they are not, or where the organization was shown it before.")
    }

    // MARK: Bodies

    private static let id = Property.mayNull("id", .id, "Made where it is left out.")

    // swift-format-ignore
    private var rotation: Schema {
        .draft([
            .mayNull("secret",      .text(), "The new one, in the form that the dialect has; made where it is left out and the dialect makes one."),
            .mayNull("effectiveAt", .told,   "When it takes over, in the future; with the next attempt where it is left out."),
        ])
    }

    // MARK: Replays

    // swift-format-ignore
    private var hours: [Property] {
        [
            .must("subscription", .text(),      "To whom."),
            .must("since",        .time,        "Events that the gateway took at this instant or later."),
            .must("until",        .time.orNull, "Events that it took before this instant; null for all that were there."),
            .must("kinds",        Schema.list(of: .text()).orNull, "Globs over kinds; null for all that the subscription wants."),
        ]
    }

    // swift-format-ignore
    private var replay: [Property] {
        [.must("id", .text(), "Unique in the store and growing.")] + hours + [
            .must("state",    .word(["running", "finished", "cancelled"]), "Where it stands; what it has brought to life goes its own way."),
            .may ("reason",   .word(DeliveryState.CancelReason.allCases.map(\.rawValue)), "Why it was broken off."),
            .must("owed",     .count,  "How many deliveries it has brought to life."),
            .must("progress", .number, "How much of it is done, 0 to 1."),
            .must("created",  .time,   "When it was asked for."),
        ]
    }

    // swift-format-ignore
    private var counted: [Property] {
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

    private static let listed = Schema.text(TermsBounds.listed)

    /// How deliveries authenticate themselves; secrets are masked in answers.
    private static func authentication(withSecrets isDraft: Bool) -> Schema {
        let basic = Schema.text(1...255)
        let token = isDraft ? Schema.text(1...4096, pattern: "^[A-Za-z0-9+\\-./=_~]+$") : .text(1...4096)
        let fields: [Property] = [
            isDraft ? .may("type", .word(Authentication.types)) : .must("type", .word(Authentication.types)),
            .may("user", basic, "Of `basic`, without a colon."),
            .may("password", basic, "Of `basic`."),
            .may("token", token, "Of `bearer`."),
        ]
        return (isDraft ? Schema.draft(fields) : .record(fields))
            .saying("How deliveries prove themselves beyond their signature; by nothing where it is left out.")
    }
}
