internal import GatehouseCore

/// The names of Standard are our own. Every kind has a name.
enum StandardEvents {
    static let vocabulary = Vocabulary(
        Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, .named([VendorName($0.name)])) }))
}
