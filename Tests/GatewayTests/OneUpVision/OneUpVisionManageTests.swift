internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// The integration's API over real sockets, and each of its rules violated in turn.
@Suite struct OneUpVisionManageTests {
    private static let hooks = "/api/v1/service-hooks"
    private static let good: JSON = ["url": "https://example.com/some-webhook-handler", "events": ["punch.create"]]

    private func with(_ more: JSON) -> JSON { ProdataKeyManageTests.with(Self.good, more) }

    private func withGateway(_ test: (LiveGateway.Client) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await gateway.make("/v1/organizations", ["id": "north", "name": "North", "parent": "acme"])
            try await test(gateway)
        }
    }

    private func expectDetail(_ answer: LiveGateway.Client.Answer, _ status: Int, _ sentence: String) {
        #expect(answer.status == status && answer.json == ["detail": .string(sentence)], "\(answer.text)")
    }

    /// A list may have any number of faults: the first hundred are listed, and the rest is counted.
    @Test func manyFaultsAreCounted() async throws {
        try await withGateway { gateway in
            let body: JSON = ["events": .array((0..<5_000).map { .string("no\($0)") })]
            let answer = try await gateway.send(
                .post, Self.hooks, headers: [.contentType: "application/json"], body: body.bytes)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.json["events"]?.items?.count == 99 && answer.json["url"]?.items?.count == 1)
            #expect(answer.json["non_field_errors"] == ["and 4901 more faults"], "\(answer.text.suffix(100))")
        }
    }

    @Test func hookIsCreatedShownChangedListedAndDeleted() async throws {
        try await withGateway { gateway in
            let made = try await gateway.make(Self.hooks, with(["description": "punches"]))
            #expect(
                made.object?.members.map(\.key)
                    == ["id", "uuid", "url", "events", "active", "description", "privacyLevel", "created_at", "secret"])
            let id = try #require(made["id"]?.text)
            #expect(id.count == 36)
            let path = "\(Self.hooks)/\(id)"
            let shown = try await gateway.get(path).json
            #expect(shown["secret"] == nil && shown["uuid"] == made["uuid"] && shown["privacyLevel"] == 0)
            #expect(shown["active"] == true && shown["description"] == "punches")
            let changed = try await gateway.put(
                path, with(["active": false, "privacyLevel": 2, "events": ["visit.update"]]))
            #expect(changed.status == 200)
            #expect(changed.json["active"] == false && changed.json["privacyLevel"] == 2)
            #expect(changed.json["events"] == ["visit.update"])
            #expect(try await gateway.put(path, changed.json).status == 200, "what was shown may be sent back")
            #expect(try await gateway.get(Self.hooks).json == [changed.json])
            #expect(try await gateway.send(.delete, path).status == 204)
            expectDetail(try await gateway.get(path), 404, "Not found.")
            #expect(try await gateway.get(Self.hooks).json == [])
        }
    }

    @Test func hooksOfAnOrganizationShareItsUUIDAndSecret() async throws {
        try await withGateway { gateway in
            let first = try await gateway.make(Self.hooks, Self.good)
            let second = try await gateway.make(Self.hooks, Self.good)
            #expect(first["secret"]?.text?.count == 64)
            #expect(second["secret"] == nil, "it is shown where it was made")
            #expect(first["uuid"] == second["uuid"])
            let north = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "north"])["key"]?.text
            let other = try await gateway.make(Self.hooks, Self.good, key: north)
            #expect(other["uuid"] != first["uuid"] && other["secret"] != first["secret"])
        }
    }

    @Test func plainHTTPIsAcceptedWithAWarning() async throws {
        try await withGateway { gateway in
            let made = try await gateway.make(Self.hooks, with(["url": "http://127.0.0.1:9/in"]))
            #expect(made["warning"]?.text?.isEmpty == false)
            #expect(try await gateway.make(Self.hooks, Self.good)["warning"] == nil)
        }
    }

    private static let broken: [(JSON, String, String)] = [
        (["url": "nonsense"], "url", "Enter a valid URL."), (["url": 5], "url", "Enter a valid URL."),
        (["events": []], "events", "This list may not be empty."),
        (["events": "punch.create"], "events", "Expected a list of items."),
        (["events": ["punch.delete"]], "events", #""punch.delete" is not a valid choice."#),
        (["events": [5]], "events", #""5" is not a valid choice."#),
        (["active": "yes"], "active", "Must be a valid boolean."),
        (["description": 5], "description", "Not a valid string."), (["secret": 5], "secret", "Not a valid string."),
        (["privacyLevel": 3], "privacyLevel", "Takes 0, 1 or 2."),
        (["secret": ""], "secret", "secret takes 1 to 4096 characters"),
        (
            ["description": .string(String(repeating: "d", count: 1001))], "description",
            "description takes at most 1000 characters"
        ),
    ]

    @Test func brokenRuleIsNamedAndChangesNothing() async throws {
        try await withGateway { gateway in
            let id = try #require(try await gateway.make(Self.hooks, Self.good)["id"]?.text)
            let before = try await gateway.get(Self.hooks).body
            for (change, field, sentence) in Self.broken {
                for answer in [
                    try await gateway.post(Self.hooks, with(change)),
                    try await gateway.put("\(Self.hooks)/\(id)", with(change)),
                ] {
                    #expect(answer.status == 400)
                    #expect(answer.json == .object(JSONObject([.init(field, [.string(sentence)])])), "\(answer.text)")
                }
            }
            for name in ["url", "events"] {
                var body = try #require(Self.good.object)
                body[name] = nil
                let answer = try await gateway.post(Self.hooks, .object(body))
                #expect(answer.json[name] == ["This field is required."], "\(answer.text)")
            }
            #expect(try await gateway.get(Self.hooks).body == before)
        }
    }

    @Test func missingRightIsRefusedInTheContractsForm() async throws {
        try await withGateway { gateway in
            let reporter = try #require(
                try await gateway.make(
                    "/v1/keys", ["name": "K", "role": "reporter", "organization": "north"])["key"]?.text)
            let id = try #require(try await gateway.make(Self.hooks, Self.good)["id"]?.text)
            expectDetail(try await gateway.get(Self.hooks, key: nil), 401, "Invalid token.")
            expectDetail(try await gateway.get(Self.hooks, key: "gk_0_0"), 401, "Invalid token.")
            expectDetail(
                try await gateway.post(Self.hooks, Self.good, key: reporter), 403,
                "You do not have permission to perform this action.")
            expectDetail(try await gateway.get("\(Self.hooks)/\(id)", key: reporter), 404, "Not found.")
            expectDetail(try await gateway.send(.delete, "\(Self.hooks)/nobody"), 404, "Not found.")
            let text = try await gateway.send(.post, Self.hooks, headers: [.contentType: "text/plain"], body: [])
            #expect(text.status == 415 && text.json["detail"]?.text?.isEmpty == false)
            let cut = try await gateway.send(
                .post, Self.hooks, headers: [.contentType: "application/json"], body: Array("{".utf8))
            #expect(cut.status == 400 && cut.json["detail"]?.text?.isEmpty == false)
        }
    }

    @Test func bodyRefusedByTheContractIsRefusedByTheNativeAPIToo() async throws {
        let native: JSON = [
            "organization": "acme", "dialect": "oneupvision", "name": "N", "url": "https://example.com",
            "settings": ["events": ["punch.create"]],
        ]
        try await withGateway { gateway in
            for (change, field): (JSON, String) in [
                (["settings": [:]], "settings.events"), (["settings": ["events": ["x"]]], "settings.events"),
                (["settings": ["events": ["punch.create"], "x": 1]], "settings.x"),
                (["settings": ["events": ["punch.create"], "description": 5]], "settings.description"),
                (["secret": ""], "secret"),
            ] {
                let answer = try await gateway.post("/v1/subscriptions", ProdataKeyManageTests.with(native, change))
                #expect(answer.status == 422 && answer.json["field"]?.text == field, "\(answer.text)")
            }
            let made = try await gateway.make("/v1/subscriptions", native)
            #expect(try await gateway.get(Self.hooks).json.items?.first?["id"] == made["id"])
        }
    }
}
