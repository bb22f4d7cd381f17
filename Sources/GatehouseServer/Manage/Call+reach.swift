internal import GatehouseControl
internal import GatehouseCore

extension Call {
    /// The organizations that a list speaks of: those that the key reaches, cut down to `?organization=` and all below
    /// it. Nil for all.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where the key does not reach what was asked for.
    func chosenReach() throws(ValidationError) -> Set<OrganizationID>? {
        try directory.reach(of: key, within: chosenOrganization)
    }

    /// The organization that `?organization=` names.
    var chosenOrganization: OrganizationID? { query["organization"].map { OrganizationID($0) } }
}
