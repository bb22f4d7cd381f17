internal import GatehouseCore

extension Status {
    /// The document's part about the status.
    static let subject = Subject(
        "Status", "What needs attention.",
        schemas: [("Status", .record(status)), ("Attention", .record(attention))],
        operations: [
            .get(
                "/v1/status", "showStatus",
                "Tells what needs attention, of what the key reaches; empty where nothing does"
            )
            .answers("Status", sample).fails(.storeAway, .storeDamaged)
        ])

    private static let status: [Property] = [
        .must("attention", .list(of: .ref("Attention")), "The urgent first.")
    ]

    // swift-format-ignore
    private static let attention: [Property] = [
        .must("subject",  .text(),      "What it is about: `subscriptions/{id}` (also where it asks for doors or panels that were deleted), `panels/{organization}` (panels that share a number), `store`, `certificate` (the gateway's own) or `credentials` (wrong ones)."),
        .must("sentence", .text(),      "What is the matter."),
        .must("since",    .time.orNull, "Since when it needs attention, where that is known; of the certificate, two weeks before its end or from its end on."),
        .must("count",    .count,       "How many attempts, deliveries, events or missing doors and panels it is about; 1 where none are."),
        .must("urgent",   .boolean,     "Whether urgent deliveries are concerned."),
        .must("next",     .text(),      "The command to type next."),
        .may("kind",      .text(),      "The kind of urgent events that the subscription asks for and was not told."),
        .may("lacking",   .list(of: .text()), "What its contract requires and the last of these events lacked. The count is of the last 24 hours; 24 hours after the last one, or when the subscription is changed, the item is gone."),
        .may("last",      .time,        "When the last of these events was taken."),
    ]

    private static let sample = JSON(
        sample: """
            {"attention":[{"subject":"subscriptions/subscription_7a1b2c3d4e5f6071",
             "sentence":"my first is failing: 6 attempts in a row failed, the last one: rejected (503)",
             "since":"2026-03-11T07:30:00.000Z","count":6,"urgent":false,
             "next":"gatehouse subscriptions test subscription_7a1b2c3d4e5f6071"}]}
            """)
}
