internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseDialects
internal import GatehouseGateway
internal import HTTPTypes
import Testing

@testable internal import GatehouseServer

/// A session's cookie is sent by the browser itself, so no page of another site may use it: over every route that a
/// cookie gives access to.
@Suite struct CookieTests {
    private static let site = HTTPField.Name.constant("sec-fetch-site")

    /// Every route that a vendor's session cookie may come with.
    private static let routes = VendorRoute.all(of: DialectTable(Dialects.all)).compactMap { route -> VendorRoute? in
        guard case .vendor(let vendor) = route.access, vendor.api.sessionCookie != nil else { return nil }
        return vendor
    }

    /// Logs in as a manager and returns the cookie as it is sent back.
    private func logIn(_ gateway: LiveGateway.Client, _ manager: (id: String, secret: String)) async throws -> String {
        let opened = try await gateway.put(
            "/api/login", ["userName": .string(manager.id), "password": .string(manager.secret)], key: nil)
        return try #require(opened.field("Set-Cookie"))
    }

    private func call(
        _ gateway: LiveGateway.Client, _ route: VendorRoute, _ headers: HTTPFields
    ) async throws -> LiveGateway.Client.Answer {
        let segments = route.route.pattern.split(separator: "/").map { $0.hasPrefix("{") ? "1" : String($0) }
        var headers = headers
        if route.route.takesBody { headers[.contentType] = "application/json" }
        let body = route.route.takesBody ? Array("{}".utf8) : []
        return try await gateway.send(
            route.route.method, "/" + segments.joined(separator: "/"), key: nil, headers: headers, body: body)
    }

    @Test func pageOfAnotherSiteCannotUseALogin() async throws {
        #expect(Self.routes.count >= 18)
        try await SituatorGateway.open { gateway, manager in
            _ = try await SituatorGateway.make(gateway, manager.secret)
            let pair = String(try await logIn(gateway, manager).prefix { $0 != ";" })
            let foreign: [HTTPFields] = [
                [Self.site: "cross-site"], [Self.site: "same-site"], [Self.site: "Cross-Site"], [Self.site: ""],
                [.origin: "https://evil.example"], [.origin: "null"], [.origin: "http://127.0.0.1:1"],
                [.origin: gateway.base + ".evil.example"], [Self.site: "same-origin", .origin: "https://evil.example"],
                [Self.site: "cross-site", .origin: gateway.base],
            ]
            for route in Self.routes {
                for fields in foreign {
                    var headers = fields
                    headers[.cookie] = pair
                    let answer = try await call(gateway, route, headers)
                    #expect(answer.status == 403, "\(route.route.method) \(route.route.pattern) \(fields)")
                    let refusal = ManageAPI.Problem(.forbidden, "a page of another site may not use this login")
                    guard case .json(let shape) = route.api.answer(refusal).body else { return }
                    #expect(answer.json == shape, "in the vendor's shape: \(answer.text)")
                }
            }
            let kept = try await gateway.get("/api/webhooks", key: manager.secret)
            #expect(kept.json["webhooks"]?.items?.count == 1, "and nothing was done")
            let own: [HTTPFields] = [
                [:], [Self.site: "same-origin"], [Self.site: "none"], [.origin: gateway.base],
                [.origin: gateway.base.uppercased()], [.origin: gateway.base.replacing("http:", with: "https:")],
            ]
            for fields in own {
                for route in Self.routes where route.route.method == .get {
                    var headers = fields
                    headers[.cookie] = pair
                    let answer = try await call(gateway, route, headers)
                    #expect(answer.status == 200, "\(route.route.pattern) \(fields): \(answer.text)")
                }
            }
            // A key is sent on purpose by a program, for any page that it serves.
            for fields in foreign {
                let answer = try await gateway.send(.get, "/api/webhooks", key: manager.secret, headers: fields)
                #expect(answer.status == 200)
            }
        }
    }

    @Test func cookieIsStrictAndSecureOverTLS() async throws {
        let proxy = try AddressRange("127.0.0.0/8")
        let proto = try #require(HTTPField.Name("x-forwarded-proto"))
        let cases: [(change: (inout GatewaySettings) -> Void, headers: HTTPFields, isSecure: Bool)] = [
            ({ _ in }, [:], false), ({ _ in }, [proto: "https"], false),
            ({ $0.server.publicURL = "https://gatehouse.example" }, [:], true),
            ({ $0.server.publicURL = "http://gatehouse.example" }, [:], false),
            ({ $0.trustedProxies = [proxy] }, [proto: "https"], true),
            ({ $0.trustedProxies = [proxy] }, [proto: "http"], false), ({ $0.trustedProxies = [proxy] }, [:], false),
        ]
        for (change, more, isSecure) in cases {
            try await LiveGateway.with(Dialects.all, change) { gateway in
                let login: JSON = ["userName": "key_configuration", "password": .string(LiveGateway.admin)]
                var headers = more
                headers[.contentType] = "application/json"
                let answer = try await gateway.send(.put, "/api/login", key: nil, headers: headers, body: login.bytes)
                let cookie = try #require(answer.field("Set-Cookie"), "\(answer.text)")
                let words = cookie.split(separator: ";").map { $0.drop { $0 == " " } }
                #expect(words.contains("SameSite=Strict") && words.contains("HttpOnly"))
                #expect(words.contains("Secure") == isSecure, "\(cookie)")
            }
        }
    }

    @Test func publicAddressIsAnAcceptedOrigin() async throws {
        try await LiveGateway.with(Dialects.all, { $0.server.publicURL = "https://gatehouse.example/doors" }) {
            gateway in
            let login: JSON = ["userName": "key_configuration", "password": .string(LiveGateway.admin)]
            let opened = try await gateway.put("/api/login", login, key: nil)
            let pair = String(try #require(opened.field("Set-Cookie")).prefix { $0 != ";" })
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            for (origin, status) in [("https://gatehouse.example", 200), ("https://gatehouse.example.evil", 403)] {
                let headers: HTTPFields = [.cookie: pair, .origin: origin]
                #expect(try await gateway.send(.get, "/api/webhooks", key: nil, headers: headers).status == status)
            }
        }
    }
}
