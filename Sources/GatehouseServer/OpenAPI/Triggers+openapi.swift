internal import GatehouseCore

extension Triggers {
    /// The document's part about triggers.
    static let subject = Subject(
        "Triggers",
        "Secret URLs by which a vendor's clients subscribe, list doors and unlock them, and what they may do.",
        schemas: [
            ("Trigger", .record(Trigger.fields.answered)), ("TriggerPage", .page(of: "Trigger")),
            ("TriggerMade", .record(Trigger.fields.answered + urls)), ("TriggerDraft", .draft(Trigger.fields.drafted)),
            ("TriggerChange", .change(Trigger.fields.changed)),
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

    private static let urls: [Property] = [
        .may("url", .text(), "The secret URL, shown this once."),
        .must("urls", .list(of: .text()), "The same in every form that the contract has."),
    ]

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
