internal import GatehouseCore

extension Keys {
    /// What the document tells of keys.
    static let subject = Subject(
        "Keys", "Who may call, what for, and for which organization and all below it.",
        schemas: [
            ("Key", .record(key)), ("KeyPage", .page(of: "Key")), ("KeyDraft", .draft(draft)),
            ("KeyMade", .record(key + [credential])), ("KeyChange", .change(change)), ("KeyOwner", .record(owner)),
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

    private static let roles = Schema.word(Role.allCases.map(\.rawValue))

    // swift-format-ignore
    private static let key: [Field] = [
        .must("id",           .text(),          "Stands in clear inside the credential; no secret."),
        .must("name",         .text(),          "What people call it."),
        .must("role",         roles,            "What its holder may do."),
        .must("organization", .id.orNull,       "What it reaches, with all below; null for a key above all trees."),
        .must("owner",        Schema.ref("KeyOwner").orNull, "The person to whom it was given; null for a program's."),
        .must("login",        Schema.login.orNull, "The name by which its holder may log in beside its id; null for none."),
        .must("created",      .time,            "When it was made."),
        .must("accepted",     .time.orNull,     "When its owner first used it."),
        .must("privacyLevel", .privacyLevel,    privacy),
        .must("expiresAt",    .time.orNull,     "When it stops letting anybody in; null for never."),
        .must("rate",         .rate.orNull,     "How many requests a minute it may make; null for any number."),
        .must("panels",       Schema.list(of: .id).orNull, "The only panels that it may tell of; null for all."),
        .must("sources",      Schema.list(of: .text()).orNull, "Globs: each source that it names must fit one of them; null for any source."),
        .must("lastUsed",     .time.orNull,     "When it was last proved, to a minute or so; null for never."),
    ]

    private static let credential = Field.must(
        "key", .text(), "The credential, `gk_…`: a secret, shown this once.")

    // swift-format-ignore
    private static let draft: [Field] = [
        .must   ("name",         .name,         "What people call it."),
        .must   ("role",         roles,         "What its holder may do."),
        .must   ("organization", .id,           "What it reaches, with all below."),
        .mayNull("owner",        .ref("KeyOwnerDraft"), "The person to whom it is given."),
        .mayNull("login",        .login,        "A name by which its holder may log in beside its id, unique in the gateway."),
        .mayNull("privacyLevel", .privacyLevel, "\(privacy) Where it is left out 1, or the level of the key that makes it where that is 2; a less strict one than the caller's is refused."),
        .mayNull("expiresAt",    .told,         "When it stops letting anybody in, in the future; never where it is left out."),
        .mayNull("rate",         .rate,         "How many requests a minute it may make; any number where it is left out."),
        .mayNull("panels",       .list(of: .id, Fields.boundPanels), bindingPanels),
        .mayNull("sources",      .list(of: .text(1...AdmissionBounds.longestSource), Fields.boundSources), bindingSources),
    ]

    // swift-format-ignore
    private static let change: [Field] = [
        .mayNull("id",           .text(),       "As it is: it cannot change."),
        .mayNull("name",         .name,         "What people call it."),
        .mayNull("role",         roles,         "What its holder may do."),
        .may    ("organization", .id.orNull,    "As it is: it cannot change."),
        .mayNull("owner",        .ref("KeyOwnerDraft"), "As it is: it cannot change."),
        .mayNull("login",        .login,        "A name by which its holder may log in beside its id; null for none."),
        .mayNull("privacyLevel", .privacyLevel, "\(privacy) A less strict one than the caller's is refused."),
        .mayNull("expiresAt",    .told,         "When it stops letting anybody in; null for never."),
        .mayNull("rate",         .rate,         "How many requests a minute it may make; null for any number."),
        .mayNull("panels",       .list(of: .id, Fields.boundPanels), "\(bindingPanels) Null for all."),
        .mayNull("sources",      .list(of: .text(1...AdmissionBounds.longestSource), Fields.boundSources), "\(bindingSources) Null for any."),
    ]

    private static let bindingPanels =
        "Of the role source: the only panels that it may tell of, a door's panel included. What names no panel, and "
        + "a source `/panels/{id}` of another, lies beyond them unless `sources` allows it."
    private static let bindingSources =
        "Of the role source: globs such as /panels/p1*; each source that it names must fit one of them."

    // swift-format-ignore
    private static let owner: [Field] = [
        .must("id",        .id,     "The person's id."),
        .must("firstName", .name,   "The given name."),
        .must("lastName",  .name,   "The family name."),
        .must("email",     .text(), "The address of electronic mail."),
    ]

    // swift-format-ignore
    private static let ownerDraft: [Field] = [
        .mayNull("id",        .id,   "Made where it is left out."),
        .must   ("firstName", .name, "The given name."),
        .must   ("lastName",  .name, "The family name."),
        .must   ("email",     .text(3...320, pattern: #"^[^@\u0000-\u0020\u007F]+@[^@\u0000-\u0020\u007F]+$"#), "The address of electronic mail."),
    ]

    private static let privacy =
        "0: its holder reads all of an event, 1: all but credentials, 2: all but credentials and persons."

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

extension Schema {
    fileprivate static let login = Schema.text(pattern: LoginRule.pattern)
}
