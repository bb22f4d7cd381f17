internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// What was read of a request to a vendor's route, by the names that the route declares, and what was passed over.
///
/// It is the one reader of vendors' queries and bodies: a dialect declares names and sees nothing else.
struct VendorReading {
    /// The parameters that the route knows.
    private(set) var query = Query()
    /// The body; nil where the route reads none.
    private(set) var body: JSONObject?
    private var ignored = IgnoredNames()

    /// Reads the query. - Throws: what ``Query/init(_:declaredBy:noting:)`` throws.
    mutating func readQuery(of request: Request, for route: ManageAPI.Route) throws(ValidationError) {
        query = try Query(request.uri.query, declaredBy: route, noting: &ignored)
    }

    /// Reads the body, where the route has one. - Throws: what ``BodyReader/object(declaring:noting:)`` throws.
    mutating func readBody(by reader: BodyReader, for route: ManageAPI.Route) async throws {
        guard let names = route.body else { return }
        body = try await reader.object(declaring: names, noting: &ignored)
    }

    /// Whether something was passed over.
    var isPartial: Bool { !ignored.isEmpty }

    /// `gatehouse-ignored`, where something was passed over.
    var fields: HTTPFields {
        ignored.text.map { [.ignored: $0] } ?? HTTPFields()
    }
}

extension HTTPField.Name {
    fileprivate static let ignored = constant("gatehouse-ignored")
}
