extension Key {
    /// Whether the key reaches an organization: its own and all below it; a key above the trees reaches all.
    public func reaches(_ organization: OrganizationID, in directory: Directory) -> Bool {
        guard let root = self.organization else { return true }
        return directory.isWithin(organization, root)
    }

    /// The organizations that the key reaches; nil for all.
    public func reach(in directory: Directory) -> Set<OrganizationID>? {
        guard let root = organization else { return nil }
        return Set(directory.organizations.keys.filter { directory.isWithin($0, root) })
    }
}
