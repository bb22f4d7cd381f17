internal import GatehouseControl
internal import GatehouseCore

extension Organizations {
    /// The document's part about organizations.
    static let subject = Subject(
        "Organizations",
        "The trees of tenants that everything else belongs to. A tree has at most \(DirectoryService.deepestTree) "
            + "levels; only a key that stands above all trees plants one.",
        schemas: [
            ("Organization", .record(Organization.fields.answered)), ("OrganizationPage", .page(of: "Organization")),
            ("OrganizationDraft", .draft(Organization.fields.drafted)),
            ("OrganizationChange", .change(Organization.fields.changed)),
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

    private static let acme = JSON(
        sample: #"{"id":"acme","name":"Acme","parent":null,"timeZone":"Europe/Lisbon","vendorNumber":1000000001}"#)
    private static let north = JSON(
        sample: #"{"id":"acme-north","name":"Acme North","parent":"acme","timeZone":"UTC","vendorNumber":1000000002}"#)
    private static let sent = JSON(sample: #"{"id":"acme-north","name":"Acme North","parent":"acme"}"#)
    private static let changed = JSON(sample: #"{"name":"Acme Holding"}"#)
}
