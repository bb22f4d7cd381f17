internal import GatehouseCore

extension Organizations {
    /// What the document tells of organizations.
    static let subject = Subject(
        "Organizations",
        "The trees of tenants that everything else belongs to. A tree has at most \(deepestTree) levels; only a key "
            + "that stands above all trees plants one.",
        schemas: [
            ("Organization", .record(organization)), ("OrganizationPage", .page(of: "Organization")),
            ("OrganizationDraft", .draft(draft)), ("OrganizationChange", .change(change)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/organizations",                "addOrganization",    "Makes an organization").takes("OrganizationDraft", sent).makes("Organization", north).fails(.unknownOrganization, .conflict),
        .get   ("/v1/organizations",                "listOrganizations",  "Lists the organizations that the key reaches").answers("OrganizationPage", acme.page).fails(.storeAway),
        .get   ("/v1/organizations/{organization}", "showOrganization",   "Shows an organization").answers("Organization", acme).fails(.storeAway),
        .patch ("/v1/organizations/{organization}", "changeOrganization", "Changes the name or the time zone").takes("OrganizationChange", changed).answers("Organization", acme.with(changed)).fails(.conflict),
        .delete("/v1/organizations/{organization}", "removeOrganization", "Deletes an organization to which nothing belongs any more").fails(.conflict),
    ]

    // swift-format-ignore
    private static let organization: [Field] = [
        .must("id",       .id,        "Unique in the store."),
        .must("name",     .name,      "What people call it."),
        .must("parent",   .id.orNull, "The organization above it; null at the top of a tree."),
        .must("timeZone", .timeZone,  "Where its panels stand that say nothing else, by an IANA name."),
        .must("vendorNumber", .count.orNull, "The integer that vendors' contracts get for it: Situator's accountId, 1UPVISION's organization_id. Null where it has none yet and the store can give none."),
    ]

    // swift-format-ignore
    private static let draft: [Field] = [
        .mayNull("id",       .id,       "Made where it is left out."),
        .must   ("name",     .name,     "What people call it."),
        .mayNull("parent",   .id,       "The organization above it; without one it is the top of a tree."),
        .mayNull("timeZone", .timeZone, "An IANA name such as America/Sao_Paulo; UTC where it is left out."),
    ]

    // swift-format-ignore
    private static let change: [Field] = [
        .mayNull("id",       .id,        "As it is: it cannot change."),
        .mayNull("name",     .name,      "What people call it."),
        .may    ("parent",   .id.orNull, "As it is: it cannot change."),
        .mayNull("timeZone", .timeZone,  "An IANA name."),
    ]

    private static let acme = JSON(
        sample: #"{"id":"acme","name":"Acme","parent":null,"timeZone":"Europe/Lisbon","vendorNumber":1000000001}"#)
    private static let north = JSON(
        sample: #"{"id":"acme-north","name":"Acme North","parent":"acme","timeZone":"UTC","vendorNumber":1000000002}"#)
    private static let sent = JSON(sample: #"{"id":"acme-north","name":"Acme North","parent":"acme"}"#)
    private static let changed = JSON(sample: #"{"name":"Acme Holding"}"#)
}
