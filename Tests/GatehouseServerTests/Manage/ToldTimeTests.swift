import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Every place of the native API that takes a time accepts the same spellings.
@Suite struct ToldTimeTests {
    /// A place, its field, and whether its time must be in the future.
    private struct TimeField: Sendable, CustomTestStringConvertible {
        let path: String
        let field: String
        let isFuture: Bool
        let method: HTTPRequest.Method
        var body: @Sendable (String) -> JSON = { _ in [:] }

        var testDescription: String { "\(method) \(path) \(field)" }

        func send(
            _ text: String, asNumber: Bool = false, to server: TestServer, _ ids: (subscription: String, key: String)
        )
            async throws
            -> TestAnswer
        {
            let path = path.replacing("{subscription}", with: ids.subscription).replacing("{key}", with: ids.key)
            guard method != .get else {
                let query = text.replacing("+", with: "%2B").replacing(" ", with: "%20")
                return try await server.get("\(path)?\(field)=\(query)")
            }
            var json = body(text).object ?? JSONObject()
            if asNumber { json[field] = try JSONParser.parse(Array(text.utf8)) }
            if path.hasPrefix("/v1/deliveries") { json["subscription"] = .string(ids.subscription) }
            return try await server.send(TestRequest(method, path, json: .object(json)))
        }
    }

    private static let subscription: [(String, JSON)] = [
        ("name", "Ours"), ("dialect", "plain"), ("url", "https://receiver.example/in"), ("organization", "acme"),
    ]

    private static let timeFields: [TimeField] = queries + hours + ends

    private static let queries: [TimeField] = ["/v1/events", "/v1/audit"].flatMap { path in
        ["since", "until"].map { TimeField(path: path, field: $0, isFuture: false, method: .get) }
    }

    private static let hours: [TimeField] = [
        "/v1/deliveries/retry", "/v1/deliveries/cancel", "/v1/subscriptions/{subscription}/replay",
    ].flatMap { (path: String) -> [TimeField] in
        ["since", "until"].map { field in
            TimeField(path: path, field: field, isFuture: false, method: .post) { told($0, in: field) }
        }
    }

    /// A period whose other end is the day of the test's time, or the next one.
    private static func told(_ text: String, in field: String) -> JSON {
        var object = JSONObject()
        object["since"] = "2026-03-09"
        object["until"] = "2026-03-11"
        object["dryRun"] = true
        object[field] = .string(text)
        return .object(object)
    }

    private static let ends: [TimeField] = [
        TimeField(path: "/v1/subscriptions", field: "expiresAt", isFuture: true, method: .post) { text in
            var object = JSONObject(subscription.map { JSONObject.Member($0.0, $0.1) })
            object["expiresAt"] = .string(text)
            return .object(object)
        },
        TimeField(path: "/v1/subscriptions/{subscription}", field: "expiresAt", isFuture: true, method: .patch) {
            ["expiresAt": .string($0)]
        },
        TimeField(path: "/v1/keys", field: "expiresAt", isFuture: true, method: .post) { text in
            ["name": "K", "role": "reporter", "organization": "acme", "expiresAt": .string(text)]
        },
        TimeField(path: "/v1/keys/{key}", field: "expiresAt", isFuture: true, method: .patch) {
            ["expiresAt": .string($0)]
        },
        TimeField(
            path: "/v1/subscriptions/{subscription}/rotate-secret", field: "effectiveAt", isFuture: true,
            method: .post
        ) { ["secret": .string("the-secret-from-\($0)"), "effectiveAt": .string($0)] },
    ]

    /// The suffixes after the day.
    private static let taken = [
        "", "T01:15:30Z", "t01:15:30.250z", " 01:15:30+02:00", " 01:15:30 +0200", "T01:15Z", "T01:15:30+0000",
        "T01:15:30+00", "T01:15:30-00:00", "T01:15:30", "T01:15:60Z", "T01:15:30,5Z", "T01:15:30.1234567891Z",
    ]

    private static let refused = [
        "tomorrow", "2026-W10-3", "2026-070", "20260310T081530Z", "0001-01-01T00:00:00Z", "2026-02-30",
    ]

    @Test(arguments: timeFields)
    private func everyTimeFieldAcceptsEverySpelling(_ field: TimeField) async throws {
        let server = try await TestServer()
        let ids = try await Self.make(in: server)
        let day = field.isFuture ? "2099-12-31" : "2026-03-10"
        for rest in Self.taken {
            let answer = try await field.send(day + rest, to: server, ids)
            #expect(answer.status < 300, "\(day + rest): \(answer.text)")
        }
        for text in Self.refused {
            let answer = try await field.send(text, to: server, ids)
            answer.expectProblem(422, "out-of-bounds", field: field.field)
        }
    }

    /// Programs may have times as numbers: the answer says how to write the given number as text.
    @Test(arguments: timeFields)
    private func numberIsRefusedAsUnixTime(_ field: TimeField) async throws {
        let server = try await TestServer()
        let ids = try await Self.make(in: server)
        for (number, unit) in [("4102358400", "seconds"), ("4102358400000", "milliseconds")] {
            for asNumber in field.method == .get ? [false] : [false, true] {
                let answer = try await field.send(number, asNumber: asNumber, to: server, ids)
                answer.expectProblem(422, asNumber ? "wrong-type" : "out-of-bounds", field: field.field)
                let said = "Unix time, here in \(unit), is not taken: write 2099-12-31T00:00:00Z (RFC 3339)"
                #expect(answer.json?["detail"]?.text?.contains(said) == true, "\(answer.text)")
            }
        }
    }

    /// Digits that are not a time have the wrong type, like other text that is not a time.
    @Test(arguments: ["12345", "-1", "99999999999999999999999999"])
    func digitsAreNoTimeOfAnEvent(_ digits: String) throws {
        let fault = #expect(throws: ValidationError.self) { try TimeText(ofEvent: .string(digits)) }
        #expect(fault?.code == .wrongType && fault?.field == "time")
    }

    @Test func numberIsNoTimeOfAnEvent() async throws {
        let server = try await TestServer()
        for (time, type) in [("1773216930" as JSON, "out-of-bounds"), (1_773_216_930, "wrong-type")] {
            let event: JSON = [
                "specversion": "1.0", "id": "1", "source": "/panels/p-acme", "type": "door.forced", "time": time,
                "data": ["door": "d-acme"],
            ]
            let answer = try await server.post("/v1/events", event)
            answer.expectProblem(422, type, field: "time")
            #expect(answer.text.contains("Unix time, here in seconds, is not taken: write 2026-03-11T08:15:30Z"))
        }
    }

    /// The forms in which clients and proxies write a plus and a blank.
    @Test(arguments: queries)
    private func queryWithALostPlusIsExplained(_ field: TimeField) async throws {
        let server = try await TestServer()
        for (query, word) in [
            ("2026-03-11T08:15:30%2002:00", "write %2B there"), ("2026-03-11T08:15%200200", "write %2B there"),
            ("2026-03-11+08:15:30Z", "write T, or %20,"), ("noon", "in a query, write + as %2B"),
        ] {
            let answer = try await server.get("\(field.path)?\(field.field)=\(query)")
            answer.expectProblem(422, "out-of-bounds", field: field.field)
            #expect(answer.json?["detail"]?.text?.contains(word) == true, "\(query): \(answer.text)")
        }
        for query in ["2026-03-11T08:15:30%2B02:00", "2026-03-11T08:15:30+02:00", "2026-03-11T08:15:30%20%2B02:00"] {
            #expect(try await server.get("\(field.path)?\(field.field)=\(query)").status == 200, "\(query)")
        }
    }

    @Test(
        arguments: [
            ("2099-12-31", "2099-12-31T23:59:59.999999Z"), ("2099-12-31T10:00", "2099-12-31T10:00:00.000Z"),
            ("2099-12-31 10:00:00.5 +0200", "2099-12-31T08:00:00.500Z"),
        ])
    func answerShowsTheReadTime(told: String, shown: String) async throws {
        let server = try await TestServer()
        for field in Self.timeFields where field.field == "expiresAt" {
            let answer = try await field.send(told, to: server, try await Self.make(in: server))
            #expect(answer.json?["expiresAt"]?.text == shown, "\(answer.text)")
        }
    }

    private static func make(in server: TestServer) async throws -> (subscription: String, key: String) {
        let subscribed = try await server.post(
            "/v1/subscriptions", .object(JSONObject(subscription.map { .init($0.0, $0.1) })))
        let key = try await server.post("/v1/keys", ["name": "N", "role": "reporter", "organization": "acme"])
        return (try #require(subscribed.json?["id"]?.text), try #require(key.json?["id"]?.text))
    }
}
