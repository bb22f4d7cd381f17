import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Operations without fields: a body that would be ignored is refused, and nothing is done.
@Suite struct BodilessRouteTests {
    /// Every native route that changes something and has no fields, with things that exist in its places.
    private static func requests(_ server: TestServer) async throws -> [(method: HTTPRequest.Method, path: String)] {
        let made = try await server.post(
            "/v1/subscriptions",
            ["id": "ours", "name": "N", "dialect": "plain", "url": "https://a.example/", "organization": "acme"])
        try #require(made.status == 201, "\(made.text)")
        let delivery = try await server.keep(server.event(1), owedTo: ["ours"]).first
        let key = try await server.post("/v1/keys", ["name": "K", "role": "reporter", "organization": "acme"])
        let trigger = try await server.post("/v1/triggers", ["name": "T", "organization": "acme"])
        let replay = try await server.post("/v1/subscriptions/ours/replay", ["since": "2026-03-10T00:00:00Z"])
        let places = [
            "{organization}": "acme-north", "{panel}": "p-acme", "{door}": "d-acme", "{subscription}": "ours",
            "{delivery}": delivery?.description ?? "", "{replay}": replay.json?["id"]?.text ?? "",
            "{key}": key.json?["id"]?.text ?? "", "{trigger}": trigger.json?["id"]?.text ?? "",
        ]
        return bodiless.map { route in
            (route.method, places.reduce(route.pattern) { $0.replacing($1.key, with: $1.value) })
        }
    }

    private static let bodiless = Routes.built.filter { route in
        if case .keyed = route.access { !route.takesBody && route.method != .get } else { false }
    }

    @Test func everyRouteIsHere() {
        let paths = Self.bodiless.map { "\($0.method.rawValue) \($0.pattern)" }
        for path in [
            "POST /v1/subscriptions/{subscription}/pause", "POST /v1/subscriptions/{subscription}/resume",
            "POST /v1/subscriptions/{subscription}/test", "POST /v1/deliveries/{delivery}/retry",
            "POST /v1/deliveries/{delivery}/cancel", "POST /v1/doors/{door}/unlock",
            "POST /v1/subscriptions/{subscription}/replays/{replay}/cancel", "DELETE /v1/doors/{door}",
        ] {
            #expect(paths.contains(path), "\(path)")
        }
    }

    @Test func bodyThatWouldBeIgnoredIsRefused() async throws {
        let server = try await TestServer()
        let requests = try await Self.requests(server)
        let lines = try await server.audit().count
        for (method, path) in requests {
            let answer = try await server.send(TestRequest(method, path, json: ["dryRun": true, "until": nil]))
            answer.expectProblem(422, "unknown-field", field: "dryRun")
            #expect(answer.json?["faults"]?.items?.count == 2, "\(path): \(answer.text)")
            for body in ["garbage", "[]", "null", "1", "{", "\"dryRun\""] {
                let answer = try await server.send(TestRequest(method, path, type: "text/plain", body))
                answer.expectProblem(422)
                #expect(answer.text.contains("takes no body"), "\(path) \(body): \(answer.text)")
            }
        }
        #expect(try await server.audit().count == lines && server.commander.wishes.isEmpty)
    }

    @Test func emptyObjectIsNoBody() async throws {
        let server = try await TestServer()
        for (method, path) in try await Self.requests(server) {
            for body in ["{}", " {\n} ", ""] {
                let answer = try await server.send(TestRequest(method, path, type: "text/plain", body))
                #expect(answer.status != 422 && answer.status != 415, "\(method) \(path): \(answer.text)")
            }
        }
    }

    /// A body of chunks has no announced length.
    @Test func chunkedBodyIsRefusedToo() async throws {
        var settings = ServerSettings()
        settings.port = 0
        let server = try await TestServer(settings: settings)
        let answer = try await server.live { port in
            try await exchange(
                port,
                [
                    Array(
                        """
                        POST /v1/doors/d-acme/unlock HTTP/1.1\r
                        Host: x\r
                        Authorization: Bearer \(TestServer.admin)\r
                        Transfer-Encoding: chunked\r
                        Connection: close\r
                        \r
                        f\r
                        {"dryRun":true}\r
                        0\r
                        \r

                        """.utf8)
                ])
        }
        #expect(answer.hasPrefix("HTTP/1.1 422") && answer.contains("dryRun"), "\(answer)")
    }

    /// The route table and the document agree on the routes that take a body.
    @Test func routeThatTakesBodyIsDescribedSo() {
        let document = OpenAPI.document(
            of: DescribedGateway(
                dialects: DialectTable([PlainDialect()]), drivers: DriverTable([PaperDriver()]),
                settings: ServerSettings()))
        for operation in document.subjects.flatMap(\.operations) {
            guard let route = document.route(of: operation), case .keyed = route.access else { continue }
            #expect(route.takesBody == (operation.body != nil), "\(operation.id)")
        }
    }
}
