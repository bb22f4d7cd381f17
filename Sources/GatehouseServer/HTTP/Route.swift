internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// One line of the route table: method, path, access and handler.
struct Route: Sendable {
    /// What answers a request that proved a key.
    typealias Handler = @Sendable (Call) async throws -> Response

    /// What answers a request that needs no key.
    typealias OpenHandler = @Sendable (OpenCall) async throws -> Response

    /// Chooses the handler of a route among the structs of ``Handlers``.
    typealias Choice<Chosen> = @Sendable (Handlers) -> Chosen

    /// Who may call.
    enum Access: Sendable {
        /// All callers, without a key: operators' probes, and routes with their own proof of the caller.
        case open(Choice<OpenHandler>)
        /// Keys whose role allows the action.
        case keyed(Role.Action, Choice<Handler>)
        /// A vendor's clients. All their answers have the vendor's form.
        case vendor(VendorRoute)
    }

    /// The method.
    let method: HTTPRequest.Method
    /// The path, with `{…}` for placeholders: `/v1/doors/{door}`.
    let pattern: String
    /// Who may call, and what answers.
    let access: Access
    /// The query parameters that the route knows; nil if it ignores the query and so refuses none.
    let query: Set<String>?
    /// Whether the handler reads a body. At other routes a body with fields is refused before anything is done; only a
    /// GET discards it, because there it has no meaning (RFC 9110 section 9.3.1).
    var takesBody = true

    /// Whether vendors' clients call it: a route of a vendor's API, or the token route.
    var isForVendors: Bool {
        switch access {
        case .vendor: true
        case .open: pattern == TokenRoute.pattern
        case .keyed: false
        }
    }

    /// The pattern's parts between the slashes.
    var segments: [Substring] { pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) }
}

/// Finds the route of a request. Paths without placeholders are looked up whole, the others part by part.
struct RouteTable: Sendable {
    /// What a path and a method lead to.
    enum Match {
        /// The route at that place of the table, and the values of the placeholders.
        case found(Int, names: [String])
        /// The path is known, with other methods; the place is one of its routes.
        case wrongMethod(allowed: [HTTPRequest.Method], place: Int)
        /// The path is not known.
        case none
    }

    /// The routes in the order of the table.
    let routes: [Route]
    private let fronts: [VendorFront]
    private var whole: [String: [Int]] = [:]
    private var patterns: [Int: [(segments: [Substring], places: [Int])]] = [:]

    /// Arranges the routes.
    init(_ routes: [Route]) {
        self.routes = routes
        var fronts: [DialectName: VendorFront] = [:]
        for case .vendor(let vendor) in routes.map(\.access) { fronts[vendor.dialect] = vendor.front }
        self.fronts = Array(fronts.values)
        for (place, route) in routes.enumerated() {
            guard route.pattern.contains("{") else {
                whole[route.pattern, default: []].append(place)
                continue
            }
            let segments = route.segments
            let known = patterns[segments.count, default: []].firstIndex { $0.segments == segments }
            if let known {
                patterns[segments.count]?[known].places.append(place)
            } else {
                patterns[segments.count, default: []].append((segments, [place]))
            }
        }
    }

    /// Finds what a request means. HEAD means the GET of the same path. A slash at the end of a path of vendors'
    /// clients is ignored.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard let (places, names) = places(of: path) ?? vendorsPlaces(of: path) else { return .none }
        let wanted = method == .head ? .get : method
        if let place = places.first(where: { routes[$0].method == wanted }) { return .found(place, names: names) }
        var allowed = places.map { routes[$0].method }
        if allowed.contains(.get) { allowed.append(.head) }
        return .wrongMethod(allowed: allowed + [.options], place: places[0])
    }

    /// The vendor whose form the refusal of a request has; nil for the native API.
    func front(of match: Match, _ path: String) -> VendorFront? {
        switch match {
        case .found(let place, _), .wrongMethod(_, let place):
            guard case .vendor(let vendor) = routes[place].access else { return nil }
            return vendor.front
        case .none:
            let near = fronts.compactMap { front in front.nearness(of: path).map { (front, $0) } }
            return near.max { $0.1 < $1.1 }?.0
        }
    }

    private func vendorsPlaces(of path: String) -> (places: [Int], names: [String])? {
        guard path.utf8.last == UInt8(ascii: "/"), let found = places(of: String(path.dropLast())),
            let place = found.places.first, routes[place].isForVendors
        else { return nil }
        return found
    }

    private func places(of path: String) -> (places: [Int], names: [String])? {
        if let places = whole[path] { return (places, []) }
        guard path.hasPrefix("/") else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for pattern in patterns[parts.count] ?? [] {
            if let names = Self.names(in: parts, by: pattern.segments) { return (pattern.places, names) }
        }
        return nil
    }

    private static func names(in parts: [Substring], by segments: [Substring]) -> [String]? {
        var names: [String] = []
        for (part, segment) in zip(parts, segments) {
            if segment.hasPrefix("{") {
                guard !part.isEmpty, let name = PercentEncoding.decode(part) else { return nil }
                names.append(name)
            } else if part != segment {
                return nil
            }
        }
        return names
    }
}
