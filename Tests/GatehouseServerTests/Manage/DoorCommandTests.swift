import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// `POST /v1/doors/{door}/unlock`, and the driver of a door.
@Suite struct DoorCommandTests {
    private static let path = "/v1/doors/d-acme/unlock"

    private func unlock(
        _ server: TestServer, _ path: String = path, _ credential: String = TestServer.admin, key: String? = nil
    ) async throws -> TestAnswer {
        var request = TestRequest(.post, path, credential)
        if let key { request.headers[.idempotencyKey] = key }
        return try await server.send(request)
    }

    @Test func openedDoorIs200() async throws {
        let server = try await TestServer()
        let answer = try await unlock(server, key: "try-1")
        #expect(answer.status == 200)
        #expect(answer.json?["outcome"] == "opened")
        #expect(answer.json?["door"] == "d-acme" && answer.json?["organization"] == "acme")
        #expect(answer.json?["id"] == "cmd_1")
        #expect(answer.json?["event"] == .string(EventID(high: 1, low: 2).description))
        #expect(server.commander.wishes.map(\.repetitionKey) == ["try-1"])
        #expect(server.commander.wishes.map(\.asker) == ["key_configuration"])
    }

    @Test(arguments: [
        (CommandOutcome.Result.refused, 403, "door-refused"), (.unsupported, 501, "door-unsupported"),
        (.unanswered, 504, "door-unanswered"), (.unknown, 504, "door-unanswered"),
    ])
    func everyAnswerOfADoorHasItsStatus(result: CommandOutcome.Result, status: Int, slug: String) async throws {
        let server = try await TestServer()
        server.commander.answer(CommandOutcome(result, "because of the test"))
        let answer = try await unlock(server)
        answer.expectProblem(status, slug)
        #expect(answer.text.contains("because of the test"))
    }

    @Test func repetitionWithoutAnAnswerIs409() async throws {
        let server = try await TestServer()
        for commanded in [Commanded.underWay, .usedElsewhere] {
            server.commander.answer { _ in .success(commanded) }
            try await unlock(server, key: "k").expectProblem(409, "repeated-command", field: "Idempotency-Key")
        }
    }

    @Test func storeOutageIs503() async throws {
        let server = try await TestServer()
        server.commander.answer { _ in .failure(.unavailable("switched off")) }
        try await unlock(server).expectProblem(503, "store-away")
    }

    @Test(arguments: ["", "with space", String(repeating: "k", count: 256), "caf\u{e9}"])
    func invalidRepetitionKeyIsRefused(key: String) async throws {
        let server = try await TestServer()
        try await unlock(server, key: key).expectProblem(422, "out-of-bounds", field: "Idempotency-Key")
        #expect(server.commander.wishes.isEmpty)
    }

    @Test func bodyWithUnknownFieldsIsRefused() async throws {
        let server = try await TestServer()
        try await server.post(Self.path, ["seconds": 5]).expectProblem(422, "unknown-field", field: "seconds")
        #expect(try await server.post(Self.path, [:]).status == 200)
    }

    @Test func onlyManagersOfTheDoorsOrganizationUnlock() async throws {
        let server = try await TestServer()
        for role in [Role.reporter, .source] {
            try await unlock(server, Self.path, try await server.credential(role)).expectProblem(403, "forbidden")
        }
        try await unlock(server, Self.path, try await server.credential(.manager, of: "other")).expectProblem(404)
        try await unlock(server, "/v1/doors/nope/unlock").expectProblem(404, "not-found")
        #expect(server.commander.wishes.isEmpty)
        let manager = try await server.credential(.manager)
        #expect(try await unlock(server, "/v1/doors/d-acme-north/unlock", manager).status == 200)
    }

    // MARK: The driver of a door

    @Test func driverIsSetShownAndRemoved() async throws {
        let server = try await TestServer()
        let door: JSON = [
            "id": "gate", "panel": "p-acme", "number": 9, "name": "Gate",
            "driver": ["type": "paper", "colour": "red"],
        ]
        let made = try await server.post("/v1/doors", door)
        #expect(made.status == 201)
        #expect(made.json?["driver"] == ["type": "paper", "colour": "red"])
        let changed = try await server.send(
            TestRequest(.patch, "/v1/doors/gate", json: ["driver": ["type": "paper", "colour": "blue"]]))
        #expect(changed.json?["driver"]?["colour"] == "blue")
        let without = try await server.send(TestRequest(.patch, "/v1/doors/gate", json: ["driver": .null]))
        #expect(without.json?["driver"] == JSON.null)
        #expect(try await server.get("/v1/doors/gate").json?["driver"] == JSON.null)
    }

    @Test(
        arguments: [
            ([:], "missing-field", "driver.type"), (["type": "http"], "not-built", "driver.type"),
            (["type": "papr"], "out-of-bounds", "driver.type"), (["type": "paper"], "missing-field", "driver.colour"),
            ("paper", "wrong-type", "driver"),
        ] as [(JSON, String, String)])
    func invalidDriverIsRefused(driver: JSON, slug: String, field: String) async throws {
        let server = try await TestServer()
        try await server.send(TestRequest(.patch, "/v1/doors/d-acme", json: ["driver": driver]))
            .expectProblem(422, slug, field: field)
        #expect(try await server.get("/v1/doors/d-acme").json?["driver"] == JSON.null)
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = constant("idempotency-key")
}
