internal import GatehouseCore

extension Panels {
    /// The document's part about panels.
    static let subject = Subject(
        "Panels", "The controllers that doors hang on. A panel's id is unique in its organization.",
        schemas: [
            ("Panel", .record(Panel.fields.answered)), ("PanelPage", .page(of: "Panel")),
            ("PanelDraft", .draft(Panel.fields.drafted)),
            ("PanelChange", .change(Panel.fields.changed)),
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

    private static let main = JSON(
        sample:
            #"{"id":"1070000","organization":"acme","name":"Main panel","number":7,"timeZone":null,"vendorNumber":7}"#)
    private static let annex = JSON(
        sample: #"{"id":"1070001","organization":"acme","name":"Annex","number":8,"timeZone":null,"vendorNumber":8}"#)
    private static let sent = JSON(sample: #"{"id":"1070001","organization":"acme","name":"Annex","number":8}"#)
    private static let changed = JSON(sample: #"{"name":"Main panel, ground floor"}"#)
}
