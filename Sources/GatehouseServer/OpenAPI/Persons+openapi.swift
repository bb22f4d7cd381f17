internal import GatehouseCore
internal import HTTPTypes

extension Persons {
    /// The document's part about persons.
    static let subject = Subject(
        "Persons", "What is known of persons, whom events alone name.",
        schemas: [("Erasure", .record(erasure)), ("ErasureOrder", .draft(order))], operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post("/v1/persons/{person}/erase", "erasePerson", "Blanks a person in every event that is kept").saying("Names, addresses, codes of credentials, plates and free texts go; ids, times and doors stay. What waits is delivered blanked; events that come later are not touched. It goes on in the background. With `dryRun`, in the body or the query, the events are only counted.").requires("organization").takes("ErasureOrder", ["dryRun": true], isRequired: false).answers(begun).fails(.contradiction),
        .get ("/v1/persons/{person}/erase", "showErasure", "Shows how far the newest wish about a person has come").requires("organization").answers("Erasure", sample).fails(.missingField).fails(.storeAway, .storeDamaged),
    ]

    private static let order: [Property] = [
        .mayNull("dryRun", .boolean, "Whether to count the events and blank nothing.")
    ]

    // swift-format-ignore
    private static let erasure: [Property] = [
        .must("person",       .text(),      "The person's id, as events name it."),
        .must("organization", .id,          "Whose person it is, with all below."),
        .must("state",        .word(["running", "ended"]), "Whether there are events yet to be looked at."),
        .must("dryRun",       .boolean,     "Whether events are counted and nothing is blanked."),
        .must("events",       .count,       "How many events of the person were found."),
        .must("looked",       .count,       "Up to this place every event was looked at."),
        .must("upTo",         .count,       "The place of the newest event when it was asked for."),
        .must("begun",        .time,        "When it was asked for."),
        .must("ended",        .time.orNull, "When the last event was looked at."),
        .must("keys",         .list(of: .text()), "The person's keys, which tell the name until they are revoked."),
    ]

    private static let sample = JSON(
        sample: """
            {"person":"31","organization":"acme","state":"running","dryRun":false,"events":12,"looked":4000,"upTo":9000,
             "begun":"2026-03-11T08:15:30.300Z","ended":null,"keys":[]}
            """)
    private static let begun = Operation.Answer(
        .accepted, "Written down; it is fulfilled in the background.",
        [Operation.Media("application/json", .ref("Erasure"), [("", sample)])])
}
