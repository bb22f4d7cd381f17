import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Paths that exist, and paths that do not.
@Suite struct RouteTests {
    @Test(arguments: [
        "/nowhere", "/v1", "/v1/", "/v1/events/", "//v1/events", "/v1/doors/", "/v1/doors//", "/v1/doors/a/b",
        "/v1/doors/a/unlock/now", "/V1/events", "/v1/doors/%zz", "/v1/doors/%ff", "/%2e%2e/v1/events", "*", "",
    ])
    func unknownPathIs404(path: String) async throws {
        let server = try await TestServer()
        // Hummingbird reads an empty target as `/`, which is the dashboard's.
        let answer = try await server.get(path)
        if path.isEmpty { answer.expectProblem(501) } else { answer.expectProblem(404, "not-found") }
    }

    @Test(arguments: [
        ("/v1/kinds", "DELETE", "GET, HEAD, OPTIONS"), ("/livez", "POST", "GET, HEAD, OPTIONS"),
        ("/v1/doors/x", "PUT", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("/v1/deliveries/1/retry", "GET", "POST, OPTIONS"), ("/v1/events", "BREW", "POST, GET, HEAD, OPTIONS"),
    ])
    func wrongMethodIs405WithTheAllowedOnes(path: String, method: String, allow: String) async throws {
        let server = try await TestServer()
        let method = try #require(HTTPRequest.Method(method))
        let answer = try await server.send(TestRequest(method, path))
        answer.expectProblem(405, "wrong-method")
        #expect(answer.headers[.allow] == allow)
    }

    @Test func optionsListsTheMethods() async throws {
        let server = try await TestServer()
        let answer = try await server.send(TestRequest(.options, "/v1/keys", nil))
        #expect(answer.status == 204)
        #expect(answer.headers[.allow] == "POST, GET, HEAD, OPTIONS")
    }

    @Test func headIsGetWithoutABody() async throws {
        let server = try await TestServer()
        let answer = try await server.send(TestRequest(.head, "/v1/kinds"))
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(try await server.send(TestRequest(.head, "/v1/doors/nope")).body.isEmpty)
    }

    @Test func everyAnswerHasTheRequestsID() async throws {
        let server = try await TestServer()
        for path in ["/livez", "/nowhere", "/v1/kinds"] {
            let answer = try await server.get(path)
            #expect(HTTPField.Name("x-request-id").flatMap { answer.headers[$0] } == "1")
        }
    }

    @Test(arguments: [
        ("/v1/organizations?limit=0", "limit"), ("/v1/organizations?limit=501", "limit"),
        ("/v1/organizations?limit=x", "limit"), ("/v1/organizations?limit=", "limit"),
        ("/v1/organizations?cursor=", "cursor"), ("/v1/doors?cursor=", "cursor"),
        ("/v1/organizations?sort=name", "sort"), ("/v1/kinds?wait=30s", "wait"),
        ("/v1/deliveries?state=lost", "state"), ("/v1/deliveries?event=1", "event"),
        ("/v1/deliveries?cursor=abc", "cursor"), ("/v1/audit?cursor=abc", "cursor"),
        ("/v1/audit?since=yesterday", "since"), ("/v1/audit?until=", "until"), ("/v1/audit/proof?known=ab", "known"),
        ("/v1/audit/proof?known=xyz", "known"),
        ("/v1/events?after=x", "after"), ("/v1/events?after=-1", "after"), ("/v1/events?after=007", "after"),
        ("/v1/events?after=1", "after"), ("/v1/events?limit=501", "limit"), ("/v1/events?cursor=1", "cursor"),
        ("/v1/events?wait=61s", "wait"), ("/v1/events?wait=30", "wait"), ("/v1/events?wait=", "wait"),
        ("/v1/events?wait=60001ms", "wait"), ("/v1/events?wait=-1s", "wait"), ("/v1/events?wait=2m", "wait"),
        ("/v1/events?kind=door.forcde", "kind"), ("/v1/events?kind=", "kind"), ("/v1/events?kind=door.*,", "kind"),
        ("/v1/events?door=", "door"), ("/v1/events?since=yesterday", "since"), ("/v1/events?until=2026", "until"),
        ("/v1/events/stream?limit=5", "limit"), ("/v1/events/stream?wait=5s", "wait"),
        ("/v1/events/stream?after=1", "after"),
    ])
    func wrongParameterIsRefused(path: String, field: String) async throws {
        try await TestServer().get(path).expectProblem(422, field: field)
    }

    /// The message about a parameter says what is wrong with it, and not only what would be right.
    @Test(arguments: [
        ("/v1/events?limit=many", "limit takes a whole number from 1 to 500; 'many' is not one"),
        ("/v1/deliveries?state=lost", "'lost' is not one"), ("/v1/deliveries?cursor=abc", "'abc' is not one"),
        ("/v1/events?after=x", "'x' is not one"), ("/v1/events?wait=30", "'30' is not one"),
        ("/v1/audit?cursor=", "it is empty"), ("/v1/deliveries?event=1", "'1' is not one"),
        ("/v1/events?kind=door.*,", "one is empty: take a comma away"),
        ("/v1/events?since=yesterday", "Gatehouse does not read this"),
        ("/v1/events?since=2026-03-11T08:00:00Z&until=2026-03-11T08:00:00Z", "nothing lies between since and until"),
        ("/v1/deliveries?since=2026-03-12&until=2026-03-10", "is earlier than since"),
        ("/v1/audit?since=2026-03-11T09:00:00Z&until=2026-03-11T08:00:00Z", "exchange them"),
    ])
    func wrongParameterIsExplained(path: String, words: String) async throws {
        let answer = try await TestServer().get(path)
        #expect(answer.json?["detail"]?.text?.contains(words) == true, "\(answer.text)")
    }

    @Test(arguments: ["/v1/events", "/v1/deliveries", "/v1/audit"])
    func oneDateAsBothEndsMeansThatDay(path: String) async throws {
        #expect(try await TestServer().get(path + "?since=2026-03-11&until=2026-03-11").status == 200)
    }

    @Test(arguments: ["/v1/doors?limit=1&limit=2", "/v1/doors?limit=%zz", "/v1/doors?%ff=1"])
    func unreadableQueryIsRefused(path: String) async throws {
        try await TestServer().get(path).expectProblem(400, "malformed")
    }

    @Test func longTargetsAndManyHeaderFieldsAreRefused() async throws {
        let server = try await TestServer()
        try await server.get("/v1/doors/" + String(repeating: "x", count: 9000)).expectProblem(414, "long-target")
        var wide = TestRequest(.get, "/livez")
        wide.headers[.userAgent] = String(repeating: "x", count: 9000)
        try await server.send(wide).expectProblem(431, "large-headers")
        var many = TestRequest(.get, "/livez")
        for number in 0..<60 {
            let name = try #require(HTTPField.Name("x-\(number)"))
            many.headers[name] = "1"
        }
        try await server.send(many).expectProblem(431, "large-headers")
    }

    /// The list of what a caller cannot do yet: it becomes shorter as issues are built.
    @Test func missingFeatureAnswers501ByName() async throws {
        let server = try await TestServer()
        let remaining = NotBuilt.routes + NotBuilt.open
        for route in remaining {
            let path = route.pattern.replacing(#/\{[a-z]+\}/#, with: "x")
            try await server.send(TestRequest(route.method, path)).expectProblem(501, "not-built")
        }
        #expect(remaining.map { "\($0.method.rawValue) \($0.pattern)" }.sorted() == Self.notBuilt)
    }

    /// Written by hand, so that nothing is added unnoticed.
    private static let notBuilt = [
        "DELETE /v1/sources/{source}", "GET /", "GET /v1/sources",
        "GET /v1/sources/{source}", "PATCH /v1/sources/{source}",
        "POST /in/{source}", "POST /v1/sources", "POST /v1/status/{item}/acknowledge",
    ]

    @Test func everyRouteOccursOnce() {
        let lines = Routes.all.map { "\($0.method.rawValue) \($0.pattern)" }
        #expect(Set(lines).count == lines.count)
    }

    @Test func everyFaultHasAStatus4xx() {
        for code in ValidationError.Code.allCases {
            let kind = ProblemKind(code)
            #expect((400..<500).contains(kind.status.code))
            #expect(kind.slug == code.rawValue)
        }
    }
}
