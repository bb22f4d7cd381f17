internal import GatehouseCore

extension Triggers {
    /// What the document tells of triggers.
    static let subject = Subject(
        "Triggers",
        "Secret URLs by which a vendor's clients subscribe, list doors and unlock them, and what they may do.",
        schemas: [
            ("Trigger", .record(trigger)), ("TriggerPage", .page(of: "Trigger")),
            ("TriggerMade", .record(trigger + urls)), ("TriggerDraft", .draft(required + common)),
            ("TriggerChange", .change(stays + common)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/triggers",           "addTrigger",    "Makes a trigger, and shows its URL this once").takes("TriggerDraft", sent).makes("TriggerMade", made).fails(.unknownOrganization, .unknownDoor, .conflict).fails(.routeNotBuilt),
        .get   ("/v1/triggers",           "listTriggers",  "Lists the triggers that the key reaches").answers("TriggerPage", shown.page),
        .get   ("/v1/triggers/{trigger}", "showTrigger",   "Shows a trigger, never its secret").answers("Trigger", shown),
        .patch ("/v1/triggers/{trigger}", "changeTrigger", "Changes a trigger; its URL stays as it is").takes("TriggerChange", changed).answers("Trigger", shown.with(changed)).fails(.unknownDoor, .conflict),
        .delete("/v1/triggers/{trigger}", "removeTrigger", "Deletes a trigger").saying("From the answer on no caller is let in by its URL. Subscriptions that were made by it stay."),
    ]

    // swift-format-ignore
    private static let trigger: [Field] = [
        .must("id",            .text(),      "Stands in clear in the URL; no secret."),
        .must("name",          .text(),      "What people call it."),
        .must("organization",  .id,          "Whose doors it lists and whose events it may subscribe to."),
        .must("doors",         Schema.list(of: .id).orNull, "The doors that it lists and unlocks; null for all of the organization."),
        .must("mayRegister",   .boolean,     "Whether its holder may subscribe and unsubscribe."),
        .must("mayUnlock",     .boolean,     "Whether its holder may unlock doors."),
        .must("doorsEnvelope", .boolean,     "Whether doors are listed inside an object."),
        .must("privacyLevel",  .privacyLevel, privacy),
        .must("rate",          .rate.orNull, "How many requests a minute it takes; null for any number."),
        .must("active",        .boolean,     "Whether it works at all."),
        .must("created",       .time,        "When it was made."),
    ]

    private static let urls: [Field] = [
        .may("url", .text(), "The secret URL, shown this once."),
        .must("urls", .list(of: .text()), "The same in every form that the contract has."),
    ]

    // swift-format-ignore
    private static let required: [Field] = [
        .must("name",         .name, "What people call it."),
        .must("organization", .id,   "Whose doors it lists and whose events it may subscribe to."),
    ]

    // swift-format-ignore
    private static let stays: [Field] = [
        .mayNull("id",           .text(), "As it is: it cannot change."),
        .mayNull("organization", .id,     "As it is: it cannot change."),
        .mayNull("name",         .name,   "What people call it."),
    ]

    // swift-format-ignore
    private static let common: [Field] = [
        .mayNull("doors",         .list(of: .id, 1...100_000), "The doors that it lists and unlocks; all where it is left out."),
        .mayNull("mayRegister",   .boolean, "Whether its holder may subscribe and unsubscribe; true where it is left out."),
        .mayNull("mayUnlock",     .boolean, "Whether its holder may unlock doors; false where it is left out."),
        .mayNull("doorsEnvelope", .boolean, "Whether doors are listed inside an object; false where it is left out."),
        .mayNull("privacyLevel",  .privacyLevel, "\(privacy) The level of the key that makes it where it is left out; a less strict one is refused."),
        .mayNull("rate",          .rate,    "How many requests a minute it takes; any number where it is left out."),
        .mayNull("active",        .boolean, "Whether it works at all; true where it is left out."),
    ]

    private static let privacy =
        "How much goes to those whom its holder subscribes, where the dialect's usual level is not stricter. 0: all of "
        + "an event, 1: all but credentials, 2: all but credentials and persons."

    private static let shown = JSON(
        sample: """
            {"id":"trig-h7Kq2XwZ","name":"Rhombus","organization":"acme","doors":["lobby"],"mayRegister":true,
             "mayUnlock":true,"doorsEnvelope":false,"privacyLevel":1,"rate":null,"active":true,
             "created":"2026-03-11T08:00:00.000Z"}
            """)
    private static let sent = JSON(
        sample: #"{"name":"Rhombus","organization":"acme","doors":["lobby"],"mayUnlock":true}"#)
    private static let made = shown.with([
        "url": "https://gatehouse.example.com/api/engine/v2/webhook/trig-h7Kq2XwZ/notify?secret=…",
        "urls": ["https://gatehouse.example.com/api/engine/v2/webhook/trig-h7Kq2XwZ/notify?secret=…"],
    ])
    private static let changed = JSON(sample: #"{"mayUnlock":false,"rate":60}"#)
}
