internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// The declared names that were read of a request to a vendor's route, and the ignored names.
///
/// It is the only reader of vendors' queries and bodies: a dialect declares names and gets nothing else.
struct VendorReading {
    /// The parameters that the route knows.
    private(set) var query = Query()
    /// The body; nil if the route has none.
    private(set) var body: JSONObject?
    private var ignored = IgnoredNames()

    /// Reads the query. - Throws: what ``Query/init(_:declaredBy:noting:)`` throws.
    mutating func readQuery(of request: Request, for route: ManageAPI.Route) throws(ValidationError) {
        query = try Query(request.uri.query, declaredBy: route, noting: &ignored)
    }

    /// Reads the body, if the route has one. - Throws: what ``BodyReader/object(declaring:noting:)`` throws.
    mutating func readBody(by reader: BodyReader, for route: ManageAPI.Route) async throws {
        guard let names = route.body else { return }
        body = try await reader.object(declaring: names, noting: &ignored)
    }

    /// Whether names were ignored.
    var isPartial: Bool { !ignored.isEmpty }

    /// `gatehouse-ignored`, if names were ignored.
    var fields: HTTPFields {
        ignored.text.map { [.ignored: $0] } ?? HTTPFields()
    }
}

extension HTTPField.Name {
    fileprivate static let ignored = constant("gatehouse-ignored")
}
