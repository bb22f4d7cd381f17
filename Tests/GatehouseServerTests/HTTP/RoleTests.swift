import GatehouseControl
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The roles that may call each route. The table below is written by hand, so that a mistake in the route table shows.
@Suite struct RoleTests {
    private static let readers = "admin manager reporter"

    /// Every keyed route with the roles that may call it.
    static let allowed: [String: String] = [
        "POST /v1/events": "admin source",
        "GET /v1/events": readers, "GET /v1/events/stream": readers, "GET /v1/events/{event}": readers,
        "POST /v1/organizations": "admin", "GET /v1/organizations": readers,
        "GET /v1/organizations/{organization}": readers, "PATCH /v1/organizations/{organization}": "admin",
        "DELETE /v1/organizations/{organization}": "admin",
        "POST /v1/panels": "admin manager", "GET /v1/panels": readers, "GET /v1/panels/{panel}": readers,
        "PATCH /v1/panels/{panel}": "admin manager", "DELETE /v1/panels/{panel}": "admin manager",
        "POST /v1/doors": "admin manager", "GET /v1/doors": readers, "GET /v1/doors/{door}": readers,
        "PATCH /v1/doors/{door}": "admin manager", "DELETE /v1/doors/{door}": "admin manager",
        "POST /v1/doors/{door}/unlock": "admin manager",
        "POST /v1/keys": "admin", "GET /v1/keys": "admin", "GET /v1/keys/{key}": "admin",
        "PATCH /v1/keys/{key}": "admin", "DELETE /v1/keys/{key}": "admin",
        "POST /v1/subscriptions": "admin manager", "GET /v1/subscriptions": readers,
        "GET /v1/subscriptions/{subscription}": readers, "PATCH /v1/subscriptions/{subscription}": "admin manager",
        "DELETE /v1/subscriptions/{subscription}": "admin manager",
        "POST /v1/subscriptions/{subscription}/pause": "admin manager",
        "POST /v1/subscriptions/{subscription}/resume": "admin manager",
        "POST /v1/subscriptions/{subscription}/test": "admin manager",
        "POST /v1/subscriptions/{subscription}/rotate-secret": "admin manager",
        "POST /v1/subscriptions/{subscription}/replay": "admin manager",
        "GET /v1/subscriptions/{subscription}/replays": readers,
        "GET /v1/subscriptions/{subscription}/replays/{replay}": readers,
        "POST /v1/subscriptions/{subscription}/replays/{replay}/cancel": "admin manager",
        "POST /v1/deliveries/retry": "admin manager", "POST /v1/deliveries/cancel": "admin manager",
        "GET /v1/deliveries": readers, "GET /v1/deliveries/{delivery}": readers,
        "POST /v1/deliveries/{delivery}/retry": "admin manager",
        "POST /v1/deliveries/{delivery}/cancel": "admin manager",
        "POST /v1/sources": "admin", "GET /v1/sources": readers, "GET /v1/sources/{source}": readers,
        "PATCH /v1/sources/{source}": "admin", "DELETE /v1/sources/{source}": "admin",
        "POST /v1/triggers": "admin manager", "GET /v1/triggers": readers, "GET /v1/triggers/{trigger}": readers,
        "PATCH /v1/triggers/{trigger}": "admin manager", "DELETE /v1/triggers/{trigger}": "admin manager",
        "POST /v1/persons/{person}/erase": "admin", "GET /v1/persons/{person}/erase": "admin",
        "GET /v1/audit": "admin", "GET /v1/audit/proof": "admin", "GET /v1/kinds": readers, "GET /metrics": readers,
        "GET /v1/status": readers, "POST /v1/status/{item}/acknowledge": "admin manager",
        "GET /openapi.json": readers,
        "GET /": readers,
    ]

    private static func line(_ route: Route) -> String { "\(route.method.rawValue) \(route.pattern)" }

    private static var keyed: [Route] {
        Routes.all.filter { route in
            switch route.access {
            case .keyed: true
            case .open, .vendor: false
            }
        }
    }

    private static func path(_ route: Route) -> String { route.pattern.replacing(#/\{[a-z]+\}/#, with: "x") }

    @Test func tableNamesEveryKeyedRoute() {
        #expect(Set(Self.keyed.map(Self.line)) == Set(Self.allowed.keys))
        #expect(Self.keyed.count == Self.allowed.count)
    }

    @Test func onlyProbesVendorRoutesAndTokenRoutesNeedNoKey() {
        let open = Routes.all.map(Self.line).filter { Self.allowed[$0] == nil }
        let wanted: Set = [
            "GET /livez", "GET /readyz", "POST /in/{source}", "POST /oauth2/token",
            "GET /.well-known/openid-configuration", "GET /.well-known/jwks.json",
        ]
        #expect(Set(open) == wanted)
    }

    @Test(arguments: Role.allCases)
    func roleHasTheRightsOfTheTable(role: Role) async throws {
        let server = try await TestServer()
        // A stream ends only with the gateway.
        server.parts.commitSignal.close()
        let credential = try await server.credential(role)
        for route in Self.keyed {
            var request = TestRequest(route.method, Self.path(route), credential)
            if route.method != .get { request = TestRequest(route.method, Self.path(route), credential, json: [:]) }
            let answer = try await server.send(request)
            let isAllowed = Self.allowed[Self.line(route)]?.split(separator: " ").contains(Substring(role.rawValue))
            if isAllowed == true {
                #expect(answer.status != 401 && answer.status != 403, "\(Self.line(route)): \(answer.text)")
                #expect(answer.status < 500 || answer.status == 501, "\(Self.line(route)): \(answer.text)")
            } else {
                answer.expectProblem(403, "forbidden")
            }
        }
    }

    @Test func noRouteAnswersWithoutAKnownKey() async throws {
        let server = try await TestServer()
        let known = try await server.credential(.admin)
        let wrong = String(known.dropLast()) + (known.hasSuffix("0") ? "1" : "0")
        for route in Self.keyed {
            for credential in [nil, "gk_00_00", "nonsense", "", wrong, "configured-admin-credential-0002"] {
                let answer = try await server.send(TestRequest(route.method, Self.path(route), credential))
                answer.expectProblem(401)
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
            }
        }
    }

    @Test(arguments: ["Basic Zm9vOmJhcg==", "Bearer", "Bearer a b", "\(TestServer.admin)", "Token \(TestServer.admin)"])
    func onlyABearerKeyIsAccepted(field: String) async throws {
        let server = try await TestServer()
        var request = TestRequest(.get, "/v1/organizations", nil)
        request.headers[.authorization] = field
        try await server.send(request).expectProblem(401, "unknown-key")
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER"])
    func schemeIsReadInAnyCase(scheme: String) async throws {
        let server = try await TestServer()
        var request = TestRequest(.get, "/v1/organizations", nil)
        request.headers[.authorization] = "\(scheme) \(TestServer.admin)"
        #expect(try await server.send(request).status == 200)
    }
}
