import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The route for events: every content type, all or nothing, and every refusal.
@Suite struct EventRouteTests {
    private static func event(_ id: String = "e1", _ more: [(String, JSON)] = []) -> JSON {
        var object = JSONObject([
            .init("specversion", "1.0"), .init("id", .string(id)), .init("source", "/panels/p-acme"),
            .init("type", "access.granted"), .init("time", "2026-03-11T08:15:30.250Z"),
            .init("data", ["panel": "p-acme", "door": "d-acme", "person": ["id": "31", "firstName": "Ana"]]),
        ])
        for (key, value) in more { object[key] = value }
        return .object(object)
    }

    private func post(_ server: TestServer, _ type: String, _ body: String) async throws -> TestAnswer {
        try await server.send(TestRequest(.post, "/v1/events", try await server.credential(.source), type: type, body))
    }

    @Test func receiptNamesTheAcceptedEvents() async throws {
        let server = try await TestServer()
        try await server.subscribe("ours")
        let answer = try await post(server, "application/cloudevents+json", Self.event().compact)
        #expect(answer.status == 202)
        let taken = try #require(try await server.taken().first)
        let receipt = #""id":"e1","source":"/panels/p-acme","deliveries":1,"duplicate":false"#
        #expect(answer.text == #"{"events":[{"event":"\#(taken.id)",\#(receipt)}]}"#)
        #expect(taken.organization == OrganizationID("acme"))
        #expect(taken.kind == .accessGranted)
    }

    private static let spellings: [(type: String, body: String, count: Int)] = [
        ("application/cloudevents+json", event().compact, 1),
        ("application/cloudevents+json; charset=UTF-8", event().compact, 1),
        ("Application/JSON", event().compact, 1),
        ("application/json", " \n" + event().compact, 1),
        ("application/json", "[\(event("a").compact),\(event("b").compact)]", 2),
        ("application/cloudevents-batch+json", " [\(event("a").compact),\(event("b").compact)]\n", 2),
        ("application/x-ndjson", "\(event("a").compact)\n\n  \r\n\(event("b").compact)\r\n", 2),
        ("application/x-ndjson", event("a").compact, 1),
    ]

    @Test(arguments: spellings)
    func eventsAreAcceptedInEveryContentType(type: String, body: String, count: Int) async throws {
        let server = try await TestServer()
        let answer = try await post(server, type, body)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(try await server.taken().count == count)
        #expect(answer.json?["events"]?.items?.count == count)
    }

    @Test func binaryModeEqualsStructuredMode() async throws {
        let server = try await TestServer()
        let structured = try await post(server, "application/json", Self.event("caf\u{e9} 1%").compact)
        #expect(structured.status == 202)
        var request = TestRequest(
            .post, "/v1/events", try await server.credential(.source), type: "application/json",
            Self.event()["data"]?.compact ?? "")
        for (name, value) in [
            ("ce-specversion", "1.0"), ("CE-ID", "caf%C3%A9%201%25"), ("ce-source", "\"/panels/p-acme\""),
            ("ce-type", "access.granted"), ("ce-time", "2026-03-11T08:15:30.250Z"),
        ] { request.headers[try #require(HTTPField.Name(name))] = value }
        let binary = try await server.send(request)
        #expect(binary.status == 202, "\(binary.text)")
        #expect(binary.json?["events"]?.items?.first?["duplicate"] == true)
        #expect(try await server.taken().count == 1)
    }

    @Test(arguments: [("ce-id", "%zz"), ("ce-id", "%ff"), ("ce-id", "a%4"), ("ce-data", "{}")])
    func unreadableBinaryAttributeIsNamed(name: String, value: String) async throws {
        let server = try await TestServer()
        var request = TestRequest(
            .post, "/v1/events", try await server.credential(.source), type: "application/json", "{}")
        request.headers[try #require(HTTPField.Name("ce-specversion"))] = "1.0"
        request.headers[try #require(HTTPField.Name(name))] = value
        try await server.send(request).expectProblem(400, "malformed", field: String(name.dropFirst(3)))
    }

    private static let unreadable: [(type: String, body: String, status: Int, index: Int64?)] = [
        ("application/json", "", 400, nil), ("application/json", "{", 400, nil), ("application/json", "[", 400, nil),
        ("application/json", "[]", 400, nil), ("application/json", "[1]", 400, 0), ("application/json", "7", 400, 0),
        ("application/json", "[\(event().compact),null]", 400, 1),
        ("application/json", "{\"a\":1,\"a\":2}", 400, nil),
        ("application/cloudevents+json", "[\(event().compact)]", 400, 0),
        ("application/cloudevents-batch+json", event().compact, 400, nil),
        ("application/cloudevents-batch+json", "[]", 400, nil),
        ("application/x-ndjson", "", 400, nil), ("application/x-ndjson", "\n \n", 400, nil),
        ("application/x-ndjson", "\(event("a").compact)\n\n{\n", 400, 1),
        ("application/x-ndjson", "\(event("a").compact)\n[]", 400, 1),
        ("application/json", String(repeating: "[", count: 100_000), 413, nil),
        (
            "application/json",
            "{\"data\":" + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}", 413, nil
        ),
        ("text/plain", event().compact, 415, nil), ("application/xml", "<a/>", 415, nil),
        ("application/json;charset=iso-8859-1", event().compact, 415, nil), ("", event().compact, 415, nil),
        ("application/cloudevents+xml", "<a/>", 415, nil), ("application/x-www-form-urlencoded", "a=b", 415, nil),
    ]

    @Test(arguments: unreadable)
    func unreadableBodyIsRefused(type: String, body: String, status: Int, index: Int64?) async throws {
        let server = try await TestServer()
        let answer = try await post(server, type, body)
        answer.expectProblem(status, index: index)
        if index == nil { #expect(answer.json?["index"] == nil) }
        #expect(try await server.taken().isEmpty)
    }

    @Test func wrongByteIsNamedByItsOffset() async throws {
        let answer = try await post(try await TestServer(), "application/json", "{\"id\":x}")
        answer.expectProblem(400, "malformed")
        #expect(answer.json?["detail"]?.text?.contains("byte 6") == true)
    }

    @Test func invalidUTF8IsRefused() async throws {
        let server = try await TestServer()
        for type in ["application/json", "application/x-ndjson", "application/cloudevents-batch+json"] {
            var request = TestRequest(.post, "/v1/events", try await server.credential(.source), type: type, "")
            request.body = Array("[{\"id\":\"".utf8) + [0xC3, 0x28] + Array("\"}]".utf8)
            try await server.send(request).expectProblem(400, "malformed")
        }
    }

    private static let inadmissible: [(more: [(String, JSON)], slug: String, field: String)] = [
        ([("type", "access.grunted")], "unknown-kind", "type"), ([("type", 1)], "wrong-type", "type"),
        ([("source", "")], "out-of-bounds", "source"),
        ([("organization", "other")], "unknown-organization", "organization"),
        ([("organization", "nowhere")], "unknown-organization", "organization"),
        ([("data", ["door": "cellar"])], "unknown-door", "data.door"),
        ([("data", ["panel": "p-other"])], "unknown-panel", "data.panel"),
        ([("Colour", "red")], "unknown-field", "Colour"), ([("specversion", "0.3")], "out-of-bounds", "specversion"),
        ([("time", "2099-01-01T00:00:00Z")], "out-of-bounds", "time"),
    ]

    @Test(arguments: inadmissible)
    func oneFaultyEventRefusesItsBatch(more: [(String, JSON)], slug: String, field: String) async throws {
        let server = try await TestServer()
        let batch = JSON.array([Self.event("a"), Self.event("b"), Self.event("c", more)])
        let answer = try await post(server, "application/json", batch.compact)
        answer.expectProblem(422, slug, field: field, index: 2)
        #expect(try await server.taken().isEmpty)
    }

    @Test func foreignOrganizationIsRefusedLikeAnUnknownOne() async throws {
        let server = try await TestServer()
        let foreign = try await post(server, "application/json", Self.event("a", [("organization", "other")]).compact)
        let unknown = try await post(server, "application/json", Self.event("a", [("organization", "never")]).compact)
        #expect(foreign.text.replacing("other", with: "never") == unknown.text)
    }

    @Test func keyAboveAllTreesMustNameAnOrganizationThatDoesNotFollow() async throws {
        let server = try await TestServer()
        try await server.post("/v1/events", Self.event("a", [("data", [:])]))
            .expectProblem(422, "missing-field", field: "organization")
        // A door or a panel that no organization has is at fault, and not the organization.
        for (data, slug, field) in [
            (["door": "lobbi"], "unknown-door", "data.door"), (["panel": "p-none"], "unknown-panel", "data.panel"),
        ] as [(JSON, String, String)] {
            try await server.post("/v1/events", Self.event("a", [("data", data)])).expectProblem(
                422, slug, field: field)
        }
        let named = Self.event("a", [("data", [:]), ("organization", "acme")])
        #expect(try await server.post("/v1/events", named).status == 202)
        #expect(try await server.post("/v1/events", Self.event("b", [("data", ["door": "d-other"])])).status == 202)
        #expect(try await server.taken().map(\.organization.text) == ["acme", "other"])
    }

    @Test(arguments: Catalogue.rows.map(\.kind))
    func kindIsAcceptedFromTheRightRoles(kind: Kind) async throws {
        let server = try await TestServer()
        let event = Self.event("a", [("type", .string(kind.name)), ("data", [:])])
        let (source, admin) = (try await server.credential(.source), try await server.credential(.admin))
        let bySource = try await server.post("/v1/events", event, source)
        let byAdmin = try await server.post("/v1/events", event, admin)
        switch Catalogue.row(of: kind).teller {
        case .source:
            #expect(bySource.status == 202 && byAdmin.status == 202)
        case .admin:
            bySource.expectProblem(403, "forbidden", field: "type", index: 0)
            #expect(byAdmin.status == 202)
        case .gateway:
            bySource.expectProblem(422, "unknown-kind", field: "type", index: 0)
            byAdmin.expectProblem(422, "unknown-kind", field: "type", index: 0)
            try await server.post("/v1/events", event).expectProblem(422, "unknown-kind", field: "type")
        }
        let isTaken = Catalogue.row(of: kind).teller != .gateway
        #expect(try await server.taken().count == (isTaken ? 1 : 0))
    }

    @Test func repeatedEventIsAcceptedOnceAndAnotherWithItsIDIsAConflict() async throws {
        let server = try await TestServer()
        let first = try await post(server, "application/json", Self.event().compact)
        let again = try await post(server, "application/json", Self.event().compact)
        #expect(again.status == 202)
        #expect(again.json?["events"]?.items?.first?["duplicate"] == true)
        #expect(
            again.json?["events"]?.items?.first?["event"] == first.json?["events"]?.items?.first?["event"])
        let batch = JSON.array([Self.event("x"), Self.event("e1", [("type", "access.denied")])])
        try await post(server, "application/json", batch.compact).expectProblem(409, "conflict", index: 1)
        #expect(try await server.taken().count == 1)
    }

    @Test func boundsAreEnforced() async throws {
        var settings = ServerSettings()
        settings.batchBytes = 40_000
        settings.batchEvents = 10
        settings.eventBytes = 2000
        let server = try await TestServer(settings: settings)
        for type in ["application/json", "application/x-ndjson"] {
            let lines = (0..<11).map { Self.event("\($0)").compact }
            let body = type == "application/json" ? "[\(lines.joined(separator: ","))]" : lines.joined(separator: "\n")
            try await post(server, type, body).expectProblem(413, "too-large")
        }
        let long = Self.event("a", [("data", ["details": ["x": .string(String(repeating: "x", count: 2000))]])])
        try await post(server, "application/json", "[\(Self.event().compact),\(long.compact)]")
            .expectProblem(413, "too-large", index: 1)
        try await post(server, "application/json", String(repeating: " ", count: 40_001)).expectProblem(
            413, "too-large")
        var unannounced = TestRequest(
            .post, "/v1/events", try await server.credential(.source), type: "application/json", "")
        unannounced.body = Array(repeating: 0x20, count: 40_001)
        unannounced.isLengthAnnounced = false
        try await server.send(unannounced).expectProblem(413, "too-large")
        #expect(try await server.taken().isEmpty)
    }

    @Test func defaultBoundsAreThoseOfTheAPI() {
        let settings = ServerSettings()
        #expect(settings.batchBytes == 8_388_608)
        #expect(settings.eventBytes == 262_144)
        #expect(settings.batchEvents == 1000)
        #expect(settings.depth == 32)
    }

    @Test func bodyShorterThanAnnouncedIsRefused() async throws {
        let server = try await TestServer()
        let line = Self.event("a").compact + "\n"
        var request = TestRequest(
            .post, "/v1/events", try await server.credential(.source), type: "application/x-ndjson", line)
        request.headers[.contentLength] = String(line.utf8.count * 2)
        request.isLengthAnnounced = false
        try await server.send(request).expectProblem(400, "malformed")
        #expect(try await server.taken().isEmpty)
    }

    @Test(arguments: [StoreError.unavailable("disk full"), .overloaded, .fenced])
    func failedCommitIs503(error: StoreError) async throws {
        let server = try await TestServer()
        server.gate.refuse(.append, with: error)
        let answer = try await post(server, "application/json", Self.event().compact)
        answer.expectProblem(503)
        #expect(answer.headers[.retryAfter] == "1")
        #expect(!answer.text.contains("disk full"))
        server.gate.refuse(.append, with: nil)
        #expect(try await post(server, "application/json", Self.event().compact).status == 202)
    }

    @Test func drainingGatewayRefusesEvents() async throws {
        let server = try await TestServer()
        server.parts.isDraining.update { $0 = true }
        try await post(server, "application/json", Self.event().compact).expectProblem(503, "draining")
        #expect(try await server.taken().isEmpty)
        #expect(try await server.get("/v1/organizations").status == 200)
    }

    @Test func eventIsShownWithoutCredentialsToConcernedKeys() async throws {
        let server = try await TestServer()
        let secret = Self.event(
            "s", [("data", ["panel": "p-acme", "credential": ["form": "card", "number": "987654321"]])])
        _ = try await post(server, "application/json", secret.compact)
        let event = try #require(try await server.taken().first)
        let shown = try await server.get("/v1/events/\(event.id)", try await server.credential(.reporter))
        #expect(shown.status == 200)
        #expect(shown.json?["event"]?["gatehouseid"]?.text == event.id.description)
        #expect(shown.json?["deliveries"]?["items"] == [])
        #expect(!shown.text.contains("987654321"))
        try await server.get("/v1/events/\(event.id)", try await server.credential(.reporter, of: "other"))
            .expectProblem(
                404)
        try await server.get("/v1/events/nonsense").expectProblem(404)
    }
}
