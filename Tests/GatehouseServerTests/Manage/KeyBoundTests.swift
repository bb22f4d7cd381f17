import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The limits of keys: how much they read, until when, how often; and the records of their use.
@Suite struct KeyBoundTests {
    private static let end = "2026-03-11T09:15:30.000Z"

    /// Creates a key of acme's with these fields, and returns its credential and id.
    private func make(
        _ server: TestServer, _ fields: [(String, JSON)], role: String = "reporter"
    ) async throws -> (credential: String, id: String) {
        var body: JSONObject = ["name": "K", "role": .string(role), "organization": "acme"]
        for (name, value) in fields { body[name] = value }
        let made = try await server.post("/v1/keys", .object(body))
        try #require(made.status == 201, "\(made.text)")
        return (try #require(made.json?["key"]?.text), try #require(made.json?["id"]?.text))
    }

    private func patch(_ server: TestServer, _ id: String, _ body: JSON, _ by: String = TestServer.admin) async throws
        -> TestAnswer
    {
        try await server.send(TestRequest(.patch, "/v1/keys/\(id)", by, json: body))
    }

    @Test func limitsAreShownAsRequestedOrWithDefaults() async throws {
        let server = try await TestServer()
        let plain = try await make(server, [])
        let shown = try await server.get("/v1/keys/\(plain.id)").json
        #expect(shown?["privacyLevel"] == 1 && shown?["expiresAt"] == JSON.null && shown?["rate"] == JSON.null)
        #expect(shown?["lastUsed"] == JSON.null)
        let bound = try await make(
            server, [("privacyLevel", 0), ("expiresAt", .string(Self.end)), ("rate", 60)])
        let held = try await server.get("/v1/keys/\(bound.id)").json
        #expect(held?["privacyLevel"] == 0 && held?["expiresAt"]?.text == Self.end && held?["rate"] == 60)
        let loosened = try await patch(server, bound.id, ["privacyLevel": nil, "expiresAt": nil, "rate": nil]).json
        #expect(loosened?["privacyLevel"] == 0 && loosened?["expiresAt"] == JSON.null && loosened?["rate"] == JSON.null)
        let reopened = try await KeyRegistry(opening: server.store, now: server.parts.clock.now)
        #expect(reopened[KeyID(bound.id)] == server.parts.keys[KeyID(bound.id)])
    }

    private static let wrong: [(JSON, String, String)] = [
        (["privacyLevel": 3], "out-of-bounds", "privacyLevel"), (["privacyLevel": "1"], "wrong-type", "privacyLevel"),
        (["rate": 0], "out-of-bounds", "rate"), (["rate": 60_001], "out-of-bounds", "rate"),
        (["rate": "60"], "wrong-type", "rate"), (["expiresAt": "tomorrow"], "out-of-bounds", "expiresAt"),
        (["expiresAt": "2026-03-11T08:15:30.000Z"], "out-of-bounds", "expiresAt"),
        (["expiresAt": 1], "wrong-type", "expiresAt"), (["lastUsed": nil], "unknown-field", "lastUsed"),
    ]

    @Test(arguments: wrong)
    func invalidFieldIsNamedAndCreatesNothing(fields: JSON, slug: String, field: String) async throws {
        let server = try await TestServer()
        let (_, id) = try await make(server, [])
        try await patch(server, id, fields).expectProblem(422, slug, field: field)
        var body: JSONObject = ["name": "K", "role": "reporter", "organization": "acme"]
        for member in fields.object?.members ?? [] { body[member.key] = member.value }
        try await server.post("/v1/keys", .object(body)).expectProblem(422, slug, field: field)
        #expect(server.parts.keys.keys.count == 1)
    }

    @Test func callerChangesOnlyTheNameOfItsOwnKey() async throws {
        let server = try await TestServer()
        let own = try await make(server, [("rate", 600)], role: "admin")
        for body: JSON in [["privacyLevel": 0], ["expiresAt": .string(Self.end)], ["rate": nil]] {
            try await patch(server, own.id, body, own.credential).expectProblem(409, "conflict")
        }
        let same = try await patch(server, own.id, ["rate": 600, "name": "Mine", "privacyLevel": 1], own.credential)
        #expect(same.status == 200 && same.json?["name"] == "Mine")
    }

    @Test func expiredKeyIsUnknownUntilItsEndIsExtended() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let end = RFC3339.text(clock.now + .seconds(60))
        let (credential, id) = try await make(server, [("expiresAt", .string(end))])
        let token = try await server.token(for: credential)
        let login = "/plain/login?user=\(id)&password=\(credential)"
        let session = try #require(try await server.get(login, nil).json?.text)
        let (native, vendors) = ("/v1/doors", "/plain/acme/wishes")
        clock.advance(by: .seconds(59))
        for text in [credential, token, session] { #expect(try await server.get(vendors, text).status == 200) }
        #expect(try await server.get(native, credential).status == 200)
        clock.advance(by: .seconds(1))
        for text in [credential, token, session] { #expect(try await server.get(vendors, text).status == 401) }
        try await server.get(native, credential).expectProblem(401, "unknown-key")
        #expect(try await server.get(login, nil).status == 400)
        #expect(try await server.askForToken("\(id):\(credential)").status == 401)
        #expect(try await server.get("/v1/keys/\(id)").json?["expiresAt"]?.text == end, "its managers still see it")
        #expect(try await patch(server, id, ["name": "Over"]).status == 200)
        #expect(try await server.get(native, credential).status == 401)
        #expect(try await patch(server, id, ["expiresAt": nil]).status == 200)
        #expect(try await server.get(native, credential).status == 200)
        #expect(try await server.get(vendors, session).status == 200)
    }

    // MARK: Rate

    @Test func rateCountsNativeAndVendorRoutesTogether() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let (credential, _) = try await make(server, [("rate", 3)])
        func told(_ name: String, _ answer: TestAnswer) throws -> String? {
            answer.headers[try #require(HTTPField.Name("X-RateLimit-\(name)"))]
        }
        let first = try await server.get("/v1/doors", credential)
        #expect(try told("Limit", first) == "3" && told("Remaining", first) == "2")
        let reset = String((clock.now + .seconds(60)).seconds)
        #expect(try told("Reset", first) == reset)
        let second = try await server.get("/plain/acme/wishes", credential)
        #expect(try second.status == 200 && told("Limit", second) == "3", "of both rates the one that leaves less")
        let forbidden = try await server.post("/v1/doors", [:], credential)
        #expect(try forbidden.status == 403 && told("Remaining", forbidden) == "0", "a refusal counts too")
        clock.advance(by: .seconds(20))
        let refused = try await server.get("/v1/doors", credential)
        refused.expectProblem(429, "too-many-requests")
        #expect(refused.headers[.retryAfter] == "41")
        #expect(try told("Reset", refused) == reset && told("Remaining", refused) == "0")
        let vendors = try await server.get("/plain/acme/wishes", credential)
        #expect(vendors.status == 429 && vendors.json?["no"]?.text?.isEmpty == false)
        #expect(try vendors.headers[.retryAfter] == "41" && told("Limit", vendors) == "3")
        #expect(try await server.get("/v1/doors").status == 200, "another key is not held to it")
        clock.advance(by: .seconds(40))
        #expect(try await server.get("/v1/doors", credential).status == 200)
    }

    @Test func vendorsOwnRateAppliesToo() async throws {
        let server = try await TestServer()
        let (credential, _) = try await make(server, [("rate", 600)])
        for _ in 0..<5 { #expect(try await server.get("/plain/acme/wishes", credential).status == 200) }
        let refused = try await server.get("/plain/acme/wishes", credential)
        #expect(refused.status == 429)
        #expect(refused.headers[try #require(HTTPField.Name("X-RateLimit-Limit"))] == "5")
        #expect(try await server.get("/v1/doors", credential).status == 200)
    }

    @Test func keyWithoutARateHasNoRateFields() async throws {
        let server = try await TestServer()
        let answer = try await server.get("/v1/doors")
        #expect(answer.headers[try #require(HTTPField.Name("X-RateLimit-Limit"))] == nil)
    }

    // MARK: Last use

    @Test func lastUseIsShownAndNotWrittenByRequests() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let (credential, id) = try await make(server, [])
        func lastUsed() async throws -> String? { try await server.get("/v1/keys/\(id)").json?["lastUsed"]?.text }
        let uses: [() async throws -> Void] = [
            { _ = try await server.get("/v1/doors", credential) },
            { _ = try await server.get("/v1/keys", credential) },
            { _ = try await server.get("/plain/acme/wishes", credential) },
            { _ = try await server.token(for: credential) },
            { _ = try await server.get("/plain/login?user=\(id)&password=\(credential)", nil) },
        ]
        for use in uses {
            clock.advance(by: .seconds(10))
            try await use()
            #expect(try await lastUsed() == RFC3339.text(clock.now))
        }
        let last = clock.now
        clock.advance(by: .seconds(10))
        _ = try await server.get("/v1/doors", credential + "0")
        _ = try await server.get("/plain/login?user=\(id)&password=wrong", nil)
        #expect(try await lastUsed() == RFC3339.text(last), "who proves nothing uses nothing")
        #expect(try await server.store.keyUses().isEmpty)
        try await server.parts.keys.uses.keep()
        let reopened = try await KeyRegistry(opening: server.store, now: clock.now)
        #expect(reopened.uses[KeyID(id)] == last)
        #expect(try await server.store.keyUses().count == 1, "the configuration's key is kept nowhere")
    }

    // MARK: Privacy

    private func setUp(_ server: TestServer) async throws -> EventID {
        try await server.subscribe("ours")
        let event = server.event(
            1, .accessGranted,
            data: [
                "door": "d-acme", "person": ["id": "31", "firstName": "Ana"],
                "credential": ["form": "card", "number": "998877"],
            ])
        let delivery = try #require(try await server.keep(event, owedTo: ["ours"]).first)
        let levels: [PrivacyLevel?] = [nil, .everything, .noCredentials, .noPersons]
        let attempts = levels.enumerated().map { place, level in
            var attempt = Attempt(
                number: place + 1, started: server.parts.clock.now, duration: .seconds(1),
                outcome: .answered(.init(status: 400, excerpt: Array("no 998877 of Ana".utf8))), headers: [:])
            attempt.privacyLevel = level
            return attempt
        }
        try await server.settle(delivery, of: "ours", .dead(.exhausted), after: attempts)
        return event.id
    }

    @Test(arguments: [(0, true, true), (1, false, true), (2, false, false)] as [(Int64, Bool, Bool)])
    func eventIsShownByTheLevelOfItsReader(level: Int64, hasCard: Bool, hasName: Bool) async throws {
        let server = try await TestServer()
        let event = try await setUp(server)
        let (credential, _) = try await make(server, [("privacyLevel", .integer(level))])
        let shown = try await server.get("/v1/events/\(event)", credential)
        #expect(shown.status == 200)
        #expect(shown.text.contains("998877") == hasCard)
        #expect(shown.text.contains("Ana") == hasName)
    }

    /// A receiver's answer may repeat the request; for an attempt from before levels were stored, the request's level
    /// is unknown.
    @Test(arguments: [(0, [1, 2, 3, 4]), (1, [3, 4]), (2, [4])] as [(Int64, [Int64])])
    func receiversAnswerIsShownToKeysThatMayReadItsRequest(level: Int64, numbers: [Int64]) async throws {
        let server = try await TestServer()
        _ = try await setUp(server)
        let (credential, _) = try await make(server, [("privacyLevel", .integer(level))])
        let shown = try await server.get("/v1/deliveries/1-1", credential)
        let attempts = try #require(shown.json?["attempts"]?.items)
        #expect(attempts.count == 4)
        #expect(
            attempts.filter { $0["answer"]?.text == "no 998877 of Ana" }.compactMap { $0["number"]?.integer } == numbers
        )
        #expect(attempts.filter { $0["answerWithheld"] == true }.count == 4 - numbers.count)
        #expect(attempts.allSatisfy { $0["status"] == 400 })
    }
}
