internal import GatehouseCore

extension Deliveries {
    /// The document's part about deliveries.
    static let subject = Subject(
        "Deliveries", "What became of every event that was owed to a subscription.",
        schemas: [
            ("Delivery", .record(delivery)), ("DeliveryPage", .page(of: "Delivery", page)),
            ("DeliveryWithAttempts", .record(delivery + [attempts, pruned])), ("Attempt", .record(attempt)),
            ("DeliveryRetry", .draft(whose + [state("dead")] + bounds)),
            ("DeliveryCancel", .draft(whose + [state("waiting")] + bounds)),
            ("DeliveriesMoved", .record(moved)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .get ("/v1/deliveries",                   "listDeliveries", "Lists deliveries, the newest event first").saying("A page looks back over 10,000 deliveries at most. If it ends there, it may be short or empty although older ones match: `lookedBackTo` says how far it looked, and `next` continues.").answers("DeliveryPage", waiting.page).fails(.storeAway, .storeDamaged),
        .post("/v1/deliveries/retry",             "retryDeliveries",  "Makes many deliveries of a subscription due at once").saying("Those that are dead, or those that wait; a dead one begins its schedule anew.").takes("DeliveryRetry", chosen).answers("DeliveriesMoved", ["deliveries": 3, "state": "dead", "dryRun": false]),
        .post("/v1/deliveries/cancel",            "cancelDeliveries", "Cancels many deliveries of a subscription").saying("Those that wait, or those that are dead, which need no attention from then on. What is on the wire is left alone.").takes("DeliveryCancel", chosen.with(["until": "2020-01-01T00:00:00Z"])).answers("DeliveriesMoved", ["deliveries": 2, "state": "waiting", "dryRun": false]),
        .get ("/v1/deliveries/{delivery}",        "showDelivery",   "Shows a delivery with every attempt, oldest first").answers("DeliveryWithAttempts", tried).fails(.storeAway, .storeDamaged),
        .post("/v1/deliveries/{delivery}/retry",  "retryDelivery",  "Makes a delivery due at once").saying("One that waits, or a dead one, whose schedule begins anew.").answers("DeliveryWithAttempts", tried).fails(.conflict),
        .post("/v1/deliveries/{delivery}/cancel", "cancelDelivery", "Cancels a delivery that waits or is dead").answers("DeliveryWithAttempts", cancelled).fails(.conflict),
    ]

    private static let states = DeliveryState.Name.allCases.map(\.rawValue)
    private static let reasons =
        DeliveryState.DeathReason.allCases.map(\.rawValue) + DeliveryState.CancelReason.allCases.map(\.rawValue)

    private static let page = [
        Property.may(
            "lookedBackTo", .time,
            "Given if the page looked back over as many deliveries as it may: the time of the last one.")
    ]

    // swift-format-ignore
    private static let delivery: [Property] = [
        .must("id",           .text(),           "Unique in the store; an opaque text."),
        .must("event",        .uuid,             "The event that is owed."),
        .must("kind",         .text().orNull,    "The kind of the event, as `door.forced`."),
        .must("door",         .text().orNull,    "The door that the event tells of; null where it tells of none."),
        .must("doorName",     .text().orNull,    "The name of that door, as it was when the event was taken."),
        .must("subscription", .text(),           "To whom."),
        .must("subscriptionName", .text().orNull, "The name of the subscription; null where it was deleted."),
        .must("state",        .word(states),     "Where it stands in its life."),
        .may ("due",          .time,             "When it is tried next; where it waits."),
        .may ("reason",       .word(reasons),    "Why it is dead or cancelled."),
        .must("lane",         .word(Lane.allCases.map(\.name)), "How soon it wants to leave."),
        .must("attemptCount", .count,            "How many attempts were made."),
        .must("lastAttempt",  Schema.record(lastAttempt).orNull, "The last attempt whose record is kept; null where there is none."),
        .must("created",      .time,             "When it came to be owed."),
        .must("replay",       .boolean,          "Whether it was asked for again after its first life."),
    ]

    // swift-format-ignore
    private static let lastAttempt: [Property] = [
        .must("time",    .time,                "When it began."),
        .must("outcome", .word(Outcome.words), "What it met, in a word."),
        .must("status",  Schema.int64.orNull,  "The status that the receiver answered; null where it answered nothing."),
    ]

    private static let whose = [Property.must("subscription", .text(), "Whose deliveries.")]
    private static func state(_ otherwise: String) -> Property {
        Property.mayNull(
            "state", .word(DeliverySelection.State.allCases.map(\.rawValue)),
            "Which of them; `\(otherwise)` where it is left out.")
    }

    // swift-format-ignore
    private static let bounds: [Property] = [
        .mayNull("since",  .told,    "Those that came to be owed at this instant or later."),
        .mayNull("until",  .told,    "Those that came to be owed before this instant; a date alone means the end of that day."),
        .mayNull("dryRun", .boolean, "Whether to count them and change nothing."),
    ]

    // swift-format-ignore
    private static let moved: [Property] = [
        .must("deliveries", .count,   "How many they were."),
        .must("state",      .word(DeliverySelection.State.allCases.map(\.rawValue)), "In which state they were; the default of the call where none was named."),
        .must("dryRun",     .boolean, "Whether they were only counted."),
    ]

    private static let chosen = JSON(
        sample: #"{"subscription":"subscription_7a1b2c3d4e5f6071","since":"2019-03-11T00:00:00Z"}"#)

    private static let attempts = Property.must("attempts", .list(of: .ref("Attempt")), "Every attempt, oldest first.")
    private static let pruned = Property.may(
        "attemptsPruned", .count, "How many more were made, whose records are kept no longer.")

    // swift-format-ignore
    private static let attempt: [Property] = [
        .must("number",       .count,            "Which try it was, from 1."),
        .must("time",         .time,             "When it began."),
        .must("milliseconds", .number,           "How long it took."),
        .must("outcome",      .word(Outcome.words), "What it met, in a word."),
        .must("sentence",     .text(),           "What it met, in words for people."),
        .must("status",       Schema.int64.orNull, "The status that the receiver answered; null where it answered nothing."),
        .must("headers",      .map(of: .text()), "The header fields that were sent, secrets as dots."),
        .must("answer",       Schema.text().orNull, "The first KiB of what the receiver answered."),
        .may ("answerWithheld", .boolean,        "Whether the answer is withheld: it may repeat what the key may not read."),
    ]

    private static let waiting = JSON(
        sample: """
            {"id":"42-3","event":"019cdc2f-1c2d-7abc-8def-0123456789ab",
             "kind":"door.forced","door":"lobby","doorName":"Lobby",
             "subscription":"subscription_7a1b2c3d4e5f6071","subscriptionName":"Operations",
             "state":"waiting","due":"2026-03-11T08:15:36.120Z","lane":"normal","attemptCount":1,
             "lastAttempt":{"time":"2026-03-11T08:15:31.000Z","outcome":"rejected","status":500},
             "created":"2026-03-11T08:15:30.300Z","replay":false}
            """)
    private static let cancelled = JSON(
        sample: """
            {"id":"42-3","event":"019cdc2f-1c2d-7abc-8def-0123456789ab",
             "kind":"door.forced","door":"lobby","doorName":"Lobby",
             "subscription":"subscription_7a1b2c3d4e5f6071","subscriptionName":"Operations",
             "state":"cancelled","reason":"requested","lane":"normal","attemptCount":0,"lastAttempt":null,
             "created":"2026-03-11T08:15:30.300Z","replay":false,"attempts":[]}
            """)
    private static let tried = waiting.with(
        JSON(
            sample: """
                {"attempts":[{"number":1,"time":"2026-03-11T08:15:31.000Z","milliseconds":12.5,"outcome":"rejected",
                 "sentence":"the receiver answered 500","status":500,
                 "headers":{"content-type":"application/cloudevents+json"},"answer":"out of order"}]}
                """))
}
