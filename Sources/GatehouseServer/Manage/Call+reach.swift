internal import GatehouseControl
internal import GatehouseCore

extension Call {
    /// The organizations of a list: those that the key reaches, limited to `?organization=` and all below it. Nil for
    /// all.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` if the key does not reach the requested one.
    func chosenReach() throws(ValidationError) -> Set<OrganizationID>? {
        try directory.reach(of: key, within: chosenOrganization)
    }

    /// The organization that `?organization=` names.
    var chosenOrganization: OrganizationID? { query["organization"].map { OrganizationID($0) } }
}
