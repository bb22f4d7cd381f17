package import GatehouseCore

/// What a reader of events asks for.
package struct FeedQuestion: Sendable {
    /// Kinds, doors and hours. Each slice has its own cursor and organizations.
    package let filter: FeedFilter
    /// The organization that was chosen, with all below it; nil for all that the key reaches.
    package let organization: OrganizationID?

    /// Joins the two.
    package init(_ filter: FeedFilter, organization: OrganizationID?) {
        self.filter = filter
        self.organization = organization
    }

    /// Whether what was not yet there at an instant may still fit.
    package func mayFit(after now: Instant) -> Bool { filter.until.map { $0 > now } ?? true }

    /// What is asked of the store, with the rights of a key at this moment; nil for a limit beyond them.
    func filter(for key: Key, in directory: Directory, after: EventPosition) -> FeedFilter {
        var filter = filter
        filter.after = after
        if let organization {
            filter.organizations = Set(
                directory.organizations.keys.filter {
                    directory.isWithin($0, organization) && key.reaches($0, in: directory)
                })
        } else {
            filter.organizations = key.reach(in: directory)
        }
        return filter
    }
}
