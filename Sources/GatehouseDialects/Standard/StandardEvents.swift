internal import GatehouseCore

/// What Standard calls things: as we do. There is no kind that it cannot say.
enum StandardEvents {
    static let vocabulary = Vocabulary(
        Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, .named([VendorName($0.name)])) }))
}
