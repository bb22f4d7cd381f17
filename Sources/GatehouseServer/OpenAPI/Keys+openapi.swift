internal import GatehouseCore

extension Keys {
    /// The document's part about keys.
    static let subject = Subject(
        "Keys", "Who may call, what for, and for which organization and all below it.",
        schemas: [
            ("Key", .record(Key.fields.answered)), ("KeyPage", .page(of: "Key")),
            ("KeyDraft", .draft(Key.fields.drafted)), ("KeyMade", .record(Key.fields.answered + [credential])),
            ("KeyChange", .change(Key.fields.changed)), ("KeyOwner", .record(owner)),
            ("KeyOwnerDraft", .draft(ownerDraft)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/keys",       "addKey",    "Makes a key, and shows its credential this once").takes("KeyDraft", sent).makes("KeyMade", made).fails(.unknownOrganization, .unknownPanel, .conflict),
        .get   ("/v1/keys",       "listKeys",  "Lists the keys that the caller's key reaches").answers("KeyPage", panel.page),
        .get   ("/v1/keys/{key}", "showKey",   "Shows a key, never its credential").answers("Key", panel),
        .patch ("/v1/keys/{key}", "changeKey", "Changes a key; its credential stays as it is").takes("KeyChange", changed).answers("Key", panel.with(changed)).fails(.unknownPanel, .conflict),
        .delete("/v1/keys/{key}", "removeKey", "Revokes a key").saying("From the answer on no caller is let in by it.").fails(.conflict),
    ]

    private static let credential = Property.must(
        "key", .text(), "The credential, `gk_…`: a secret, shown this once.")

    // swift-format-ignore
    private static let owner: [Property] = [
        .must("id",        .id,     "The person's id."),
        .must("firstName", .name,   "The given name."),
        .must("lastName",  .name,   "The family name."),
        .must("email",     .text(), "The address of electronic mail."),
    ]

    // swift-format-ignore
    private static let ownerDraft: [Property] = [
        .mayNull("id",        .id,   "Made where it is left out."),
        .must   ("firstName", .name, "The given name."),
        .must   ("lastName",  .name, "The family name."),
        .must   ("email",     .text(3...320, pattern: #"^[^@\u0000-\u0020\u007F]+@[^@\u0000-\u0020\u007F]+$"#), "The address of electronic mail."),
    ]

    private static let panel = JSON(
        sample: """
            {"id":"key_4f1d2c3b4a596877","name":"panel 1070000","role":"source","organization":"acme","owner":null,
             "login":null,"created":"2026-03-11T08:00:00.000Z","accepted":null,"privacyLevel":1,"expiresAt":null,
             "rate":null,"panels":null,"sources":null,
             "lastUsed":"2026-03-11T08:15:30.250Z"}
            """)
    private static let sent = JSON(sample: #"{"name":"panel 1070000","role":"source","organization":"acme"}"#)
    private static let made = panel.with([
        "lastUsed": nil,
        "key": "gk_4f1d2c3b4a596877_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    ])
    private static let changed = JSON(sample: #"{"name":"panel 1070000, ground floor","rate":600}"#)
}
