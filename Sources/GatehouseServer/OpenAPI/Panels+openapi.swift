internal import GatehouseCore

extension Panels {
    /// What the document tells of panels.
    static let subject = Subject(
        "Panels", "The controllers that doors hang on. A panel's id is unique in its organization.",
        schemas: [
            ("Panel", .record(panel)), ("PanelPage", .page(of: "Panel")), ("PanelDraft", .draft(draft)),
            ("PanelChange", .change(change)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/panels",         "addPanel",    "Makes a panel").takes("PanelDraft", sent).makes("Panel", annex).fails(.unknownOrganization, .conflict),
        .get   ("/v1/panels",         "listPanels",  "Lists the panels that the key reaches").answers("PanelPage", main.page).fails(.storeAway),
        .get   ("/v1/panels/{panel}", "showPanel",   "Shows a panel").answers("Panel", main).fails(.storeAway),
        .patch ("/v1/panels/{panel}", "changePanel", "Changes a panel").takes("PanelChange", changed).answers("Panel", main.with(changed)).fails(.conflict),
        .delete("/v1/panels/{panel}", "removePanel", "Deletes a panel on which no door hangs any more").fails(.conflict),
    ]

    // swift-format-ignore
    private static let panel: [Field] = [
        .must("id",           .id,               "Unique in its organization."),
        .must("organization", .id,               "Whose it is."),
        .must("name",         .name,             "What people call it."),
        .must("number",       .count.orNull,     "The integer by which vendors' contracts know it, where it has one."),
        .must("timeZone",     .timeZone.orNull,  "Where it stands, by an IANA name; null where its organization is."),
        .must("vendorNumber", .count.orNull,     "The integer that vendors' contracts get for it (Situator's serverId): `number`, else one that the gateway gave. Null where it has none yet and the store can give none."),
    ]

    // swift-format-ignore
    private static let draft: [Field] = [
        .mayNull("id",           .id,       "Made where it is left out."),
        .must   ("organization", .id,       "Whose it is."),
        .must   ("name",         .name,     "What people call it."),
        .mayNull("number",       .count,    "The integer by which vendors' contracts know it."),
        .mayNull("timeZone",     .timeZone, "Where it stands, by an IANA name; its organization's where it is left out."),
    ]

    // swift-format-ignore
    private static let change: [Field] = [
        .mayNull("id",           .id,       "As it is: it cannot change."),
        .mayNull("organization", .id,       "As it is: it cannot change."),
        .mayNull("name",         .name,     "What people call it."),
        .mayNull("number",       .count,    "The integer by which vendors' contracts know it; null takes it away."),
        .mayNull("timeZone",     .timeZone, "An IANA name; null for its organization's."),
    ]

    private static let main = JSON(
        sample:
            #"{"id":"1070000","organization":"acme","name":"Main panel","number":7,"timeZone":null,"vendorNumber":7}"#)
    private static let annex = JSON(
        sample: #"{"id":"1070001","organization":"acme","name":"Annex","number":8,"timeZone":null,"vendorNumber":8}"#)
    private static let sent = JSON(sample: #"{"id":"1070001","organization":"acme","name":"Annex","number":8}"#)
    private static let changed = JSON(sample: #"{"name":"Main panel, ground floor"}"#)
}
