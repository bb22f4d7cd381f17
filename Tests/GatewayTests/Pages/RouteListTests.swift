internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
import Testing

@testable internal import GatehouseServer

/// Every route that the gateway answers, on one port, in one list that people can read.
@Suite struct RouteListTests {
    private static let routes = Routes.all + VendorRoute.all(of: DialectTable(Dialects.all))

    /// `/v1/doors/{door}` and `/v1/doors/{id}` are the same for a caller.
    private static func shape(_ route: Route) -> String {
        let segments = route.segments.map { $0.hasPrefix("{") ? "{}" : String($0) }
        return "\(route.method) /\(segments.joined(separator: "/"))"
    }

    private static func who(_ route: Route) -> String {
        switch route.access {
        case .open: "everyone"
        case .keyed(let action, _): roles(action)
        case .vendor(let vendor):
            switch vendor.route.access {
            case .open: "\(vendor.dialect): everyone"
            case .keyed(let action, _): "\(vendor.dialect): \(roles(action))"
            case .triggered: "\(vendor.dialect): holders of the secret URL"
            }
        }
    }

    private static func roles(_ action: Role.Action) -> String {
        Role.allCases.filter { $0.allows(action) }.map(\.rawValue).joined(separator: ", ")
    }

    @Test func everyRouteIsUnique() {
        let shapes = Self.routes.map(Self.shape)
        let doubled = Dictionary(grouping: shapes) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(doubled.isEmpty, "\(doubled.sorted())")
    }

    @Test func printedListEqualsTheTable() throws {
        let unbuilt = Set((NotBuilt.routes + NotBuilt.open).map(Self.shape))
        let rows = Self.routes.map { route in
            let note = unbuilt.contains(Self.shape(route)) ? "501, not built yet" : ""
            return "| \(route.method) | `\(route.pattern)` | \(Self.who(route)) | \(note) |"
        }
        let page = """
            # Routes

            The gateway answers these routes, on one port. A vendor's login decides which keys may use the vendor's
            routes; the vendor's page in [dialects/](dialects/) says what each route does. A test compares this list
            with the code, and `GATEHOUSE_GOLDEN=write swift test --filter RouteListTests` writes it.

            | method | path | who | |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
        #expect(try Golden("../../../docs").difference(page, from: "routes.md") == nil)
    }
}
