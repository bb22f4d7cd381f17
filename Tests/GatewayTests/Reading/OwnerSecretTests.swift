internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import GatehouseServer

/// The credentials that a subscription's owner gave for its receiver: no key below a manager reads them, a manager only
/// on request, and their mask is never accepted as a value.
@Suite(.timeLimit(.minutes(2))) struct OwnerSecretTests {
    private static let mask = Mask.text

    @Test func keyBelowAManagerReadsNoOwnersSecret() async throws {
        try await ReadingGateway.with(repeating: .head) { setup in
            let reporter = try await setup.key("reporter", level: 0)
            for (path, answer) in try await setup.answers(to: reporter) {
                for secret in ReadingGateway.secrets { #expect(!answer.text.contains(secret), "\(path): \(secret)") }
            }
        }
    }

    @Test func nativeAPIShowsSecretsToAManagerOnRequest() async throws {
        try await ReadingGateway.with(repeating: .head) { setup in
            let manager = try await setup.key("manager", level: 0)
            let reporter = try await setup.key("reporter", level: 0)
            for (path, answer) in try await setup.answers(to: manager) where path.hasPrefix("/v1/") {
                for secret in ReadingGateway.secrets { #expect(!answer.text.contains(secret), "\(path): \(secret)") }
            }
            for id in setup.places["subscription"] ?? [] {
                let path = "/v1/subscriptions/\(id)"
                let masked = try await setup.gateway.get(path, key: manager).json
                #expect(masked["headers"] == ["X-Harmless-Word": .string(Self.mask)])
                #expect(masked["url"]?.text?.hasSuffix("/\(Self.mask)") == true)
                #expect(masked["url"]?.text?.contains("127.0.0.1") == true, "the host is told")
                #expect(
                    masked["authentication"] == [
                        "type": "basic", "user": .string(Self.mask), "password": .string(Self.mask),
                    ])
                let revealed = try await setup.gateway.get("\(path)?reveal=true", key: manager)
                for secret in ReadingGateway.secrets { #expect(revealed.text.contains(secret), "\(path): \(secret)") }
                #expect(revealed.json["secret"] == nil, "what signs is shown once and never again")
                #expect(try await setup.gateway.get("\(path)?reveal=false", key: manager).json == masked)
                let refused = try await setup.gateway.get("\(path)?reveal=true", key: reporter)
                #expect(refused.status == 403 && refused.json["field"] == "reveal", "\(refused.text)")
                #expect(try await setup.gateway.get("\(path)?reveal=yes", key: manager).status == 422)
            }
            #expect(try await setup.gateway.get("/v1/doors/lobby?reveal=true", key: manager).status == 200)
            #expect(try await setup.gateway.get("/v1/doors/lobby?reveal=true", key: reporter).status == 403)
        }
    }

    @Test func vendorsAPIsShowSecretsToAManagerByTheirContract() async throws {
        try await ReadingGateway.with(repeating: .head) { setup in
            let manager = try await setup.key("manager", level: 0)
            let answers = try await setup.answers(to: manager)
            for path in ["/api/ous/acme/hooks", "/api/v1/service-hooks", "/api/v1/webhooks", "/api/webhooks"] {
                let answer = try #require(answers.first { $0.path == path }?.answer)
                #expect(
                    answer.text.contains(ReadingGateway.path) && answer.text.contains(ReadingGateway.query), "\(path)")
            }
            let reporter = try await setup.key("reporter", level: 0)
            for path in ["/api/ous/acme/hooks", "/api/v1/service-hooks", "/api/webhooks"] {
                let answer = try await setup.gateway.get(path, key: reporter)
                #expect(answer.status == 200 && answer.text.contains("127.0.0.1"), "\(path): \(answer.text)")
            }
        }
    }

    /// Not even if a subscription is disabled: the operator's report then names its receiver's host.
    @Test func logsAndMetricsContainNoOwnersSecret() async throws {
        let log = RecordingLog()
        try await ReadingGateway.with(repeating: .head, answering: .gone, logger: log.logger) { setup in
            while !log.text.contains("subscription disabled") {
                _ = try await setup.gateway.get("/livez")
            }
            #expect(log.text.contains("http://127.0.0.1:"), "the receiver is named")
            for secret in ReadingGateway.secrets { #expect(!log.text.contains(secret), "\(secret)") }
        }
    }

    // MARK: The mask is never accepted

    /// The routes that read no body.
    private static let free: Set<String> = [
        // An event may contain any text, an erasure has no text, and a token's request is a form.
        "/v1/events", "/v1/persons/{person}/erase", "/oauth2/token",
    ]

    private static let writing: [Route] = {
        let unbuilt = (NotBuilt.routes + NotBuilt.open).map(\.pattern)
        return (Routes.all + VendorRoute.all(of: DialectTable(Dialects.all))).filter { route in
            let takesBody =
                if case .vendor(let vendor) = route.access { vendor.route.takesBody } else {
                    [.post, .patch, .put].contains(route.method) && route.takesBody
                }
            return takesBody && !free.contains(route.pattern) && !unbuilt.contains(route.pattern)
        }
    }()

    @Test func maskIsRefusedByEveryRouteThatWrites() async throws {
        try await ReadingGateway.with(repeating: .head) { setup in
            #expect(Self.writing.count > 20)
            let key = try await setup.key("admin", level: 0)
            let before = try await revealed(setup, key)
            for route in Self.writing {
                for path in try setup.paths(of: route) {
                    for body in [
                        ["name": .string("a\(Self.mask)")], ["url": "https://a.example/%e2%80%a2%E2%80%A2%E2%80%A2"],
                        ["headers": ["X-Site": .string(Self.mask)]], ["deep": [["er": .string(Self.mask)]]],
                    ] as [JSON] {
                        let answer = try await setup.gateway.send(
                            route.method, path, key: key, headers: [.contentType: "application/json"],
                            body: body.bytes)
                        #expect([400, 404, 422].contains(answer.status), "\(route.method) \(path): \(answer.text)")
                        if answer.status != 404 {
                            #expect(answer.text.contains("send the real value"), "\(path): \(answer.text)")
                        }
                    }
                }
            }
            #expect(try await revealed(setup, key) == before, "nothing was kept")
            #expect(!before.contains(Self.mask))
        }
    }

    /// BAS-IP has its headers in a text of JSON, where the mask may be escaped.
    @Test func maskIsFoundInTextOfJSONToo() async throws {
        try await ReadingGateway.with(repeating: .head) { setup in
            let body: JSON = [
                "url": "http://127.0.0.1:9/in", "status": "active", "max_retries": 1,
                "event_types": ["log.access_granted_by_valid_identifier"],
                "headers": #"{"X-Site":"\u2022\u2022\u2022"}"#,
            ]
            let answer = try await setup.gateway.post(
                "/webhooks", body, key: try await setup.key("admin", level: 0))
            #expect(answer.status == 400)
        }
    }

    private func revealed(_ setup: ReadingGateway, _ key: String) async throws -> String {
        var all = ""
        for id in setup.places["subscription"] ?? [] {
            all += try await setup.gateway.get("/v1/subscriptions/\(id)?reveal=true", key: key).text
        }
        return all + (try await setup.gateway.get("/v1/doors/lobby?reveal=true", key: key).text)
    }
}
