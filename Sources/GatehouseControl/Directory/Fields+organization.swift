package import GatehouseCore

extension Fields {
    /// The organization that the body names, which the key must reach: others are as if they did not exist.
    package mutating func organization(for key: Key, in directory: Directory) -> OrganizationID {
        guard let id = text("organization", required: true).map({ OrganizationID($0) }) else {
            return OrganizationID("")
        }
        if directory.organizations[id] == nil || !key.reaches(id, in: directory) {
            refuse(ValidationError(.unknownOrganization, field: "organization", "there is no organization \(id)"))
        }
        return id
    }
}
