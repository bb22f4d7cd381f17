import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// What a refusal says is true of the request that it answers, and says what to do.
@Suite struct RefusalSentenceTests {
    private static let path = "/v1/subscriptions/ours"

    private func server() async throws -> TestServer {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/subscriptions",
            [
                "id": "ours", "name": "N", "dialect": "plain", "url": "https://a.example/", "organization": "acme",
                "kinds": ["door.*"],
            ])
        try #require(made.status == 201, "\(made.text)")
        return server
    }

    private static let made: JSON = [
        "name": "N", "dialect": "plain", "url": "https://a.example/", "organization": "acme",
    ]

    // MARK: Fields that are shown and not set

    /// Every noun: a change may send back what was read, field by field, and cannot change what is only shown.
    @Test(arguments: ["organizations/acme", "panels/p-acme", "doors/d-acme", "subscriptions/ours"])
    func shownFieldMayBeRepeatedAndNotChanged(_ noun: String) async throws {
        let server = try await server()
        let shown = try #require(try await server.get("/v1/\(noun)").json?.object)
        let told = shown.members.filter { !["health", "vendorNumber"].contains($0.key) }
        for member in told where Mask.place(in: member.value) == nil {
            let again = try await server.send(
                TestRequest(.patch, "/v1/\(noun)", json: .object(JSONObject([member]))))
            #expect(again.status == 200, "\(noun) \(member.key): \(again.text)")
        }
        for name in ["id", "created", "createdBy", "hold", "health", "vendorNumber"] where shown[name] != nil {
            let answer = try await server.send(TestRequest(.patch, "/v1/\(noun)", json: [name: "another"]))
            answer.expectProblem(422, field: name)
            #expect(answer.json?["detail"]?.text?.contains("no field of that name") == false, "\(answer.text)")
            #expect(answer.json?["detail"]?.text?.contains("not known") == false, "\(answer.text)")
        }
    }

    @Test func shownFieldIsNamedInCreationToo() async throws {
        let server = try await server()
        for name in ["created", "hold", "createdBy", "health", "outgoingSecretUntil"] {
            let answer = try await server.post(
                "/v1/subscriptions", .object((Self.made.object ?? [:]).merged(with: [name: "x"])))
            answer.expectProblem(422, "unknown-field", field: name)
            #expect(answer.text.contains("leave it out"), "\(answer.text)")
        }
        let strange = try await server.post(
            "/v1/subscriptions", .object((Self.made.object ?? [:]).merged(with: ["colour": "x"])))
        #expect(strange.text.contains("a subscription has no field of that name"), "\(strange.text)")
    }

    // MARK: Values

    @Test(arguments: ["kinds", "doors"])
    func emptyListIsToldTheWayToAll(_ field: String) async throws {
        let server = try await server()
        let change = try await server.send(TestRequest(.patch, Self.path, json: [field: []]))
        change.expectProblem(422, field: field)
        #expect(change.text.contains("write null for all \(field)") && !change.text.contains("leave it out"))
        let creation = try await server.post(
            "/v1/subscriptions", .object((Self.made.object ?? [:]).merged(with: [field: []])))
        creation.expectProblem(422, field: field)
        #expect(creation.text.contains("leave it out, or write null, for all \(field)"), "\(creation.text)")
        let all = try await server.send(TestRequest(.patch, Self.path, json: [field: .null]))
        #expect(all.status == 200 && all.json?[field] == .null)
        // The description says so too.
        let document = try await server.get("/openapi.json").json
        for schema in ["SubscriptionDraft", "SubscriptionChange"] {
            let list = document?["components"]?["schemas"]?[schema]?["properties"]?[field]
            #expect(list?["minItems"] == 1, "\(schema)")
        }
    }

    /// A name that is not known is refused at every depth, also with null.
    @Test(arguments: ["authentication", "tls", "driver"])
    func unknownNameWithNullIsRefusedInside(_ field: String) async throws {
        let server = try await server()
        let path = field == "driver" ? "/v1/doors/d-acme" : Self.path
        for value: JSON in [.null, 1] {
            let answer = try await server.send(TestRequest(.patch, path, json: [field: ["zzz": value]]))
            answer.expectProblem(422)
        }
    }

    @Test func memberOfAnotherTypeAsksForTheType() async throws {
        let server = try await server()
        for (member, type) in [("token", "bearer"), ("user", "basic"), ("password", "basic")] {
            let answer = try await server.send(
                TestRequest(.patch, Self.path, json: ["authentication": [member: "x"]]))
            answer.expectProblem(422, field: "authentication.\(member)")
            #expect(
                answer.json?["detail"]?.text?.contains("name the type that has it, \"type\": \"\(type)\"") == true,
                "\(answer.text)")
        }
    }

    @Test func parameterOfRouteWithoutParametersIsNamedInASentence() async throws {
        let server = try await server()
        let answer = try await server.get("/v1/kinds?wait=30s")
        answer.expectProblem(422, "unknown-field", field: "wait")
        #expect(answer.text.contains("no parameter is, so leave it out") && !answer.text.contains("known: "))
        let field = try await server.post(Self.path + "/pause", ["until": 1])
        #expect(field.text.contains("no field is, so leave it out") && !field.text.contains("known: "))
    }

    // MARK: Conflicts

    /// One title is true of every conflict, and each says what to do.
    @Test func conflictSaysWhatToDo() async throws {
        let server = try await server()
        let conflicts: [(TestRequest, String)] = [
            (TestRequest(.delete, "/v1/organizations/acme"), "delete them first"),
            (TestRequest(.delete, "/v1/panels/p-acme"), "delete them first"),
            (
                TestRequest(.post, "/v1/panels", json: ["name": "Two", "organization": "acme", "number": 7]),
                "the panel p-acme (Panel) already has the number 7: give this panel another"
            ),
            (TestRequest(.post, "/v1/organizations", json: ["id": "acme", "name": "A"]), "acme"),
        ]
        for (request, words) in conflicts {
            let answer = try await server.send(request)
            answer.expectProblem(409, "conflict")
            #expect(answer.json?["title"] == "The request conflicts with what there is")
            #expect(answer.text.contains(words), "\(answer.text)")
            #expect(!answer.text.contains("move them") && !answer.text.contains("panel_"), "\(answer.text)")
        }
    }
}
