internal import Foundation
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import GatehouseServer

/// One way to present a wrong credential.
struct PresentedWay: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let headers: HTTPFields
    let body: [UInt8]
    /// The interface that it is counted for.
    let interface: ProofInterface
    /// The statuses of its answers.
    let statuses: Set<Int>

    /// Every way, from the tables of routes: a new route with a key is included automatically, and a new route with its
    /// own proof of the caller must be added here.
    static func all() throws -> [PresentedWay] {
        let routes = Routes.all + VendorRoute.all(of: DialectTable(Dialects.all))
        return try routes.flatMap { route in
            switch route.access {
            case .keyed: try bearers(.key, route)
            case .open: try open(route)
            case .vendor(let vendor):
                switch vendor.route.access {
                case .open: try open(route)
                case .keyed: try bearers(.bearer, route) + cookies(vendor, route)
                case .triggered: [triggered(route)]
                }
            }
        }
    }

    private static let bearers = [
        "x", "gk_0123456789abcdef_" + String(repeating: "0", count: 64), "c0ffee00-0000-4000-8000-000000000000",
    ]

    private static func bearers(_ interface: ProofInterface, _ route: Route) throws -> [PresentedWay] {
        bearers.map { text in
            way(route, interface, [.authorization: "Bearer \(text)"], statuses: [401])
        }
    }

    private static func cookies(_ vendor: VendorRoute, _ route: Route) -> [PresentedWay] {
        guard let cookie = vendor.api.sessionCookie else { return [] }
        return [way(route, .cookie, [.cookie: "\(cookie)=\(bearers[2])"], statuses: [401])]
    }

    private static func triggered(_ route: Route) -> PresentedWay {
        let query = route.pattern.contains("{secret}") ? "" : "?secret=x"
        return way(route, .trigger, [:], query: query, statuses: [401, 404])
    }

    /// The routes without a key that take a credential.
    private static func open(_ route: Route) throws -> [PresentedWay] {
        switch route.pattern {
        case "/oauth2/token":
            let pair = "Basic " + Data("admin:x".utf8).base64EncodedString()
            let form: HTTPFields = [.authorization: pair, .contentType: "application/x-www-form-urlencoded"]
            return [way(route, .client, form, statuses: [401])]
        case "/api/v1/login":
            return ["x", BasIPGateway.md5("x")].map { password in
                way(route, .md5Login, [:], query: "?username=admin&password=\(password)", statuses: [400])
            }
        case "/api/login":
            let body: JSON = ["userName": "admin", "password": "x"]
            return [way(route, .login, [.contentType: "application/json"], body: body.bytes, statuses: [401])]
        // Answered to every caller.
        case "/livez", "/readyz", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/api/info": return []
        // Ends the session of the token, with the same answer whether there was one.
        case "/api/v1/logout": return []
        // Accepts nothing yet.
        case "/in/{source}": return []
        default:
            Issue.record("\(route.pattern) asks for no key: say here what it takes instead, and hold it back")
            return []
        }
    }

    private static func way(
        _ route: Route, _ interface: ProofInterface, _ headers: HTTPFields, query: String = "", body: [UInt8] = [],
        statuses: Set<Int>
    ) -> PresentedWay {
        let path = "/" + route.segments.map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
        return PresentedWay(
            method: route.method, path: path + query, headers: headers, body: body, interface: interface,
            statuses: statuses)
    }
}

extension PresentedWay {
    /// A request that may be right.
    static func plain(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, bearer: String? = nil
    ) -> PresentedWay {
        var headers = HTTPFields()
        if body != nil { headers[.contentType] = "application/json" }
        headers[.authorization] = bearer.map { "Bearer \($0)" }
        return PresentedWay(
            method: method, path: path, headers: headers, body: body?.bytes ?? [], interface: .login, statuses: [])
    }

    /// A request for a token that may be right.
    static func client(_ id: String, _ secret: String) -> PresentedWay {
        let pair = Data("\(id):\(secret)".utf8).base64EncodedString()
        return PresentedWay(
            method: .post, path: "/oauth2/token",
            headers: [.authorization: "Basic \(pair)", .contentType: "application/x-www-form-urlencoded"],
            body: Array("grant_type=client_credentials".utf8), interface: .client, statuses: [])
    }
}
