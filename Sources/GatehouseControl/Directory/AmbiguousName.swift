package import GatehouseCore

/// A name that stands in several organizations which the caller reaches, where one must be meant.
package struct AmbiguousName: Error {
    /// What is named: `door`, `panel`.
    package let noun: String
    /// The name that the caller gave.
    package let name: String
    /// In which it stands, in order.
    package let organizations: [OrganizationID]
}
