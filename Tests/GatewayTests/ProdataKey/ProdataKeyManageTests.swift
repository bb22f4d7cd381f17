internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// The contract's five routes over real sockets: the seed's tables, with each of their rules violated in turn.
@Suite struct ProdataKeyManageTests {
    static let hooks = "/api/ous/acme/hooks"

    /// The body of the seed's "Create a subscription".
    static let created: JSON = [
        "name": "Test Subscription", "url": "https://example.com", "scope": "ouRecursive",
        "authentication": ["type": "None"],
        "events": ["door.request.allowed", "door.request.denied", "door.request.unknown"],
    ]

    /// The additional fields of an update.
    static let updated: JSON = with(created, ["active": true, "sslVerification": true, "secrecyLevel": 0])

    static func with(_ body: JSON, _ more: JSON) -> JSON {
        var object = body.object ?? JSONObject()
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// A gateway with an organization, one below it, a foreign one, and a panel in each.
    private func withGateway(_ test: (LiveGateway.Client) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            for (id, parent): (JSON, JSON) in [("acme", .null), ("north", "acme"), ("other", .null)] {
                try await gateway.make("/v1/organizations", ["id": id, "name": id, "parent": parent])
            }
            for (id, organization): (JSON, JSON) in [("1234ABC", "acme"), ("n1", "north"), ("o1", "other")] {
                try await gateway.make("/v1/panels", ["id": id, "organization": organization, "name": "Panel"])
            }
            try await test(gateway)
        }
    }

    private func key(_ role: JSON, of organization: JSON = "acme", _ gateway: LiveGateway.Client) async throws -> String
    {
        let made = try await gateway.make("/v1/keys", ["name": "K", "role": role, "organization": organization])
        return try #require(made["key"]?.text)
    }

    private func expectRefusal(_ answer: LiveGateway.Client.Answer, _ status: Int, _ error: String, naming: String = "")
    {
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json.object?.members.map(\.key) == ["statusCode", "error", "message"])
        #expect(answer.json["statusCode"]?.integer == Int64(status))
        #expect(answer.json["error"]?.text == error)
        #expect(answer.json["message"]?.text?.contains(naming) == true, "\(answer.text) names \(naming)")
    }

    // MARK: The five routes

    @Test func webhookIsCreatedRetrievedUpdatedListedAndDeleted() async throws {
        try await withGateway { gateway in
            let made = try await gateway.post(Self.hooks, Self.created)
            #expect(made.status == 201)
            #expect(made.json.object?.members.map(\.key) == ["id"])
            let id = try #require(made.json["id"]?.text)
            #expect(id.utf8.count == 24 && Hex.bytes(id) != nil)
            let path = "\(Self.hooks)/\(id)"
            let shown = try await gateway.get(path)
            #expect(shown.status == 200)
            #expect(
                shown.text == """
                    {"id":"\(id)","name":"Test Subscription","url":"https://example.com","scope":"ouRecursive",\
                    "authentication":{"type":"None"},"events":["door.request.allowed","door.request.denied",\
                    "door.request.unknown"],"active":true,"sslVerification":true,"secrecyLevel":1,"expiresAt":null,\
                    "userId":"key_configuration","odometer":0,"secret":null}
                    """)
            let changed = try await gateway.put(path, Self.with(Self.updated, ["name": "Renamed", "scope": "ou"]))
            #expect(changed.status == 204 && changed.body.isEmpty)
            let listed = try await gateway.get(Self.hooks)
            #expect(listed.status == 200)
            #expect(listed.json.items?.count == 1)
            #expect(listed.json.items?.first?["name"] == "Renamed")
            #expect(listed.json.items?.first?["scope"] == "ou")
            #expect(listed.json.items?.first?["secrecyLevel"] == 0)
            let gone = try await gateway.send(.delete, path)
            #expect(gone.status == 204 && gone.body.isEmpty)
            expectRefusal(try await gateway.get(path), 404, "Not Found")
            #expect(try await gateway.get(Self.hooks).json == [])
        }
    }

    @Test func everyPropertyIsKept() async throws {
        let whole: JSON = [
            "name": .string(String(repeating: "n", count: 70)), "url": "https://example.com/in?a=b",
            "scope": ["1234ABC"],
            "authentication": ["type": "Basic", "user": "u", "password": "p"], "events": ["door.alarm.forced"],
            "active": false, "sslVerification": false, "secrecyLevel": 2, "expiresAt": "2099-01-01T00:00:00.000Z",
            "secret": .string(String(repeating: "s", count: 255)),
        ]
        try await withGateway { gateway in
            let id = try #require(try await gateway.make(Self.hooks, whole)["id"]?.text)
            let shown = try await gateway.get("\(Self.hooks)/\(id)").json
            for member in whole.object?.members ?? [] { #expect(shown[member.key] == member.value, "\(member.key)") }
            #expect(
                try await gateway.put("\(Self.hooks)/\(id)", shown).status == 204, "what was shown may be sent back")
            #expect(try await gateway.get("\(Self.hooks)/\(id)").json == shown)
        }
    }

    @Test func updateKeepsTheSecretAndClearsTheExpiry() async throws {
        try await withGateway { gateway in
            let first = Self.with(
                Self.created, ["secret": "vvHkDbPeIespEKDprlvzlstDPPhLJnxG", "expiresAt": "2099-01-01T00:00:00Z"])
            let id = try #require(try await gateway.make(Self.hooks, first)["id"]?.text)
            #expect(try await gateway.put("\(Self.hooks)/\(id)", Self.updated).status == 204)
            let shown = try await gateway.get("\(Self.hooks)/\(id)").json
            #expect(shown["secret"] == "vvHkDbPeIespEKDprlvzlstDPPhLJnxG")
            #expect(shown["expiresAt"] == .null)
            _ = try await gateway.put("\(Self.hooks)/\(id)", Self.with(Self.updated, ["secret": "another"]))
            #expect(try await gateway.get("\(Self.hooks)/\(id)").json["secret"] == "another")
        }
    }

    // MARK: Every rule of the property table, violated in turn

    private static let broken: [(JSON, String)] = [
        (["name": ""], "name"), (["name": .string(String(repeating: "n", count: 71))], "name"), (["name": 5], "name"),
        (["name": .null], "name"), (["url": "http://example.com"], "url"), (["url": "example.com"], "url"),
        (["url": "https://u:p@example.com"], "url"), (["url": "https://127.0.0.1:1x"], "url"), (["url": 1], "url"),
        (["scope": "all"], "scope"), (["scope": []], "scope"), (["scope": ["n1"]], "scope"), (["scope": [5]], "scope"),
        (["scope": ["nobody"]], "scope"), (["scope": ["1234ABC"], "events": ["ou.created"]], "scope"),
        (["authentication": "None"], "authentication"), (["authentication": [:]], "authentication.type"),
        (["authentication": ["type": "Bearer"]], "authentication.type"),
        (["authentication": ["type": "Basic", "user": "u"]], "authentication.password"),
        (["authentication": ["type": "Basic", "password": "p"]], "authentication.user"),
        (["authentication": ["type": "Basic", "user": "a:b", "password": "p"]], "authentication.user"),
        (["authentication": ["type": "None", "user": "u"]], "authentication.user"),
        (["events": []], "events"), (["events": "ou.created"], "events"), (["events": [1]], "events"),
        (["events": ["door.request.alowed"]], "door.request.allowed"),
        (["events": ["ou.created", "door.request.allowed"]], "mixed"), (["active": "yes"], "active"),
        (["active": .null], "active"), (["sslVerification": 0], "sslVerification"),
        (["secrecyLevel": 3], "secrecyLevel"),
        (["secrecyLevel": -1], "secrecyLevel"), (["secrecyLevel": "1"], "secrecyLevel"),
        (["expiresAt": "2001-01-01T00:00:00Z"], "future"), (["expiresAt": "tomorrow"], "expiresAt"),
        (["expiresAt": 5], "expiresAt"), (["expiresAt": 4_102_358_400], "write 2099-12-31T00:00:00Z (RFC 3339)"),
        (["secret": ""], "secret"), (["secret": 5], "secret"),
        (["secret": .string(String(repeating: "s", count: 256))], "secret"),
    ]

    @Test func brokenRuleIs400ThatNamesItAndChangesNothing() async throws {
        try await withGateway { gateway in
            let id = try #require(try await gateway.make(Self.hooks, Self.created)["id"]?.text)
            let before = try await gateway.get(Self.hooks).body
            for (change, name) in Self.broken {
                expectRefusal(
                    try await gateway.post(Self.hooks, Self.with(Self.created, change)), 400, "Bad Request",
                    naming: name)
                expectRefusal(
                    try await gateway.put("\(Self.hooks)/\(id)", Self.with(Self.updated, change)), 400, "Bad Request",
                    naming: name)
            }
            #expect(try await gateway.get(Self.hooks).body == before)
        }
    }

    @Test func requiredFieldIsRequired() async throws {
        try await withGateway { gateway in
            let id = try #require(try await gateway.make(Self.hooks, Self.created)["id"]?.text)
            let before = try await gateway.get(Self.hooks).body
            for name in ["name", "url", "scope", "authentication", "events"] {
                var body = try #require(Self.created.object)
                body[name] = nil
                expectRefusal(try await gateway.post(Self.hooks, .object(body)), 400, "Bad Request", naming: name)
            }
            for name in try #require(Self.updated.object).members.map(\.key) {
                var body = try #require(Self.updated.object)
                body[name] = nil
                let answer = try await gateway.put("\(Self.hooks)/\(id)", .object(body))
                expectRefusal(answer, 400, "Bad Request", naming: name)
            }
            #expect(try await gateway.get(Self.hooks).body == before)
        }
    }

    @Test func unreadableBodyIsRefusedInTheContractsForm() async throws {
        try await withGateway { gateway in
            for (type, body, status, error) in [
                ("application/json", "{\"name\":", 400, "Bad Request"), ("application/json", "[]", 400, "Bad Request"),
                ("application/json", "", 400, "Bad Request"), ("text/plain", "{}", 415, "Unsupported Media Type"),
                ("application/json; charset=latin1", "{}", 415, "Unsupported Media Type"),
            ] {
                let answer = try await gateway.send(
                    .post, Self.hooks, headers: [.contentType: type], body: Array(body.utf8))
                expectRefusal(answer, status, error)
            }
            #expect(try await gateway.get(Self.hooks).json == [])
        }
    }

    // MARK: Rights

    @Test func rolesAndOrganizationsAreRespected() async throws {
        try await withGateway { gateway in
            let reporter = try await key("reporter", gateway)
            let manager = try await key("manager", of: "north", gateway)
            let source = try await key("source", gateway)
            let secret = Self.with(
                Self.created,
                ["secret": "s3cret", "authentication": ["type": "Basic", "user": "u", "password": "p4ss"]])
            let id = try #require(try await gateway.make(Self.hooks, secret)["id"]?.text)
            let path = "\(Self.hooks)/\(id)"
            let read = try await gateway.get(path, key: reporter)
            #expect(read.status == 200 && read.json["secret"] == .null)
            #expect(read.json["authentication"] == ["type": "Basic", "user": "•••", "password": .null])
            expectRefusal(try await gateway.post(Self.hooks, Self.created, key: reporter), 403, "Forbidden")
            expectRefusal(try await gateway.put(path, Self.updated, key: reporter), 403, "Forbidden")
            expectRefusal(try await gateway.send(.delete, path, key: reporter), 403, "Forbidden")
            expectRefusal(try await gateway.get(Self.hooks, key: source), 403, "Forbidden")
            expectRefusal(try await gateway.get(Self.hooks, key: manager), 403, "Forbidden")
            expectRefusal(try await gateway.get("/api/ous/nobody/hooks", key: manager), 403, "Forbidden")
            expectRefusal(try await gateway.get("/api/ous/nobody/hooks"), 404, "Not Found")
            expectRefusal(try await gateway.get("/api/ous/north/hooks/\(id)"), 404, "Not Found")
            expectRefusal(try await gateway.get("\(Self.hooks)/644ff46419a2920001769732"), 404, "Not Found")
            expectRefusal(try await gateway.get(Self.hooks, key: nil), 401, "Unauthorized")
            expectRefusal(try await gateway.get(Self.hooks, key: "gk_0_0"), 401, "Unauthorized")
            let own = try await gateway.make("/api/ous/north/hooks", Self.created, key: manager)
            let mine = try await gateway.get("/api/ous/north/hooks/\(try #require(own["id"]?.text))", key: manager)
            #expect(mine.json["userId"]?.text?.hasPrefix("key_") == true)
        }
    }

    @Test func creatorIsTheOwnerOfTheKey() async throws {
        try await withGateway { gateway in
            let made = try await gateway.make(
                "/v1/keys",
                [
                    "name": "K", "role": "manager", "organization": "acme",
                    "owner": ["id": "u7", "firstName": "Ana", "lastName": "Reis", "email": "ana@example.com"],
                ])
            let key = try #require(made["key"]?.text)
            let id = try #require(try await gateway.make(Self.hooks, Self.created, key: key)["id"]?.text)
            #expect(try await gateway.get("\(Self.hooks)/\(id)").json["userId"] == "u7")
        }
    }

    // MARK: Pages, rates, the other interface

    @Test func pagesOfAListLinkToTheOthers() async throws {
        try await withGateway { gateway in
            for number in 0..<5 {
                try await gateway.make(Self.hooks, Self.with(Self.created, ["name": .string("hook \(number)")]))
            }
            var seen: [String] = []
            for page in 0..<3 {
                let answer = try await gateway.get("\(Self.hooks)?page=\(page)&per_page=2")
                seen += answer.json.items?.compactMap { $0["name"]?.text } ?? []
                #expect(answer.field("X-Total-Count") == "5")
                let link = try #require(answer.field("Link"))
                #expect(link.contains("<\(gateway.base)\(Self.hooks)?page=2&per_page=2>; rel=\"last\""))
                #expect(link.contains("rel=\"next\"") == (page < 2))
                #expect(link.contains("rel=\"prev\"") == (page > 0))
            }
            #expect(seen == (0..<5).map { "hook \($0)" })
            #expect(try await gateway.get("\(Self.hooks)?page=9").json == [])
            for (sort, first) in [("asc", "hook 0"), ("ASC", "hook 0"), ("desc", "hook 4")] {
                let answer = try await gateway.get("\(Self.hooks)?page=0&per_page=2&sort=\(sort)")
                #expect(answer.json.items?.first?["name"]?.text == first)
                #expect(answer.field("gatehouse-ignored") == nil)
                #expect(answer.field("Link")?.contains("&sort=desc>") == (sort == "desc"))
            }
            for query in ["page=-1", "page=x", "per_page=0", "per_page=101", "sort=name"] {
                expectRefusal(try await gateway.get("\(Self.hooks)?\(query)"), 400, "Bad Request")
            }
        }
    }

    @Test func everyAnswerHasTheRate() async throws {
        try await withGateway { gateway in
            let answer = try await gateway.get(Self.hooks)
            #expect(answer.field("X-RateLimit-Limit") == "600")
            #expect(answer.field("X-RateLimit-Remaining") == "599")
            #expect(answer.field("X-RateLimit-Reset").flatMap { Int64($0) } != nil)
            let refused = try await gateway.post(Self.hooks, [:])
            #expect(refused.field("X-RateLimit-Remaining") == "598")
        }
    }

    @Test func bodyRefusedByTheContractIsRefusedByTheNativeAPIToo() async throws {
        let good: JSON = [
            "organization": "acme", "dialect": "prodatakey", "name": "N", "url": "https://example.com",
            "settings": ["events": ["door.alarm.forced"]],
        ]
        let bad: [(JSON, String)] = [
            (["name": .string(String(repeating: "n", count: 71))], "name"), (["url": "http://example.com"], "url"),
            (["settings": [:]], "settings.events"), (["settings": ["events": []]], "settings.events"),
            (["settings": ["events": ["x"]]], "settings.events"), (["settings": .null], "settings.events"),
            (["settings": ["events": ["ou.created", "door.alarm.forced"]]], "settings.events"),
            (["settings": ["events": ["ou.created"]], "scope": ["1234ABC"]], "scope"),
            (["settings": ["events": ["door.alarm.forced"], "x": 1]], "settings.x"),
            (["authentication": ["type": "bearer", "token": "t"]], "authentication.type"),
            (["secret": .string(String(repeating: "s", count: 256))], "secret"), (["secret": ""], "secret"),
        ]
        try await withGateway { gateway in
            for (change, field) in bad {
                let answer = try await gateway.post("/v1/subscriptions", Self.with(good, change))
                #expect(answer.status == 422 && answer.json["field"]?.text == field, "\(answer.text)")
            }
            #expect(try await gateway.get(Self.hooks).json == [])
            let made = try await gateway.make("/v1/subscriptions", Self.with(good, ["id": "chosen-by-hand"]))
            #expect(made["secret"] == .null)
            let shown = try #require(try await gateway.get(Self.hooks).json.items?.first)
            let id = try #require(shown["id"]?.text)
            #expect(id.utf8.count == 24 && Hex.bytes(id) != nil)
            #expect(try await gateway.put("\(Self.hooks)/\(id)", Self.updated).status == 204)
            #expect(try await gateway.get("/v1/subscriptions/chosen-by-hand").json["name"] == "Test Subscription")
            let unnamed = try await gateway.make("/v1/subscriptions", good)
            #expect(unnamed["id"]?.text?.utf8.count == 24)
            let native = try #require(try await gateway.make(Self.hooks, Self.created)["id"]?.text)
            #expect(try await gateway.get("/v1/subscriptions/\(native)").json["dialect"] == "prodatakey")
        }
    }

    @Test func subscriptionsOfOtherDialectsAreNotShown() async throws {
        try await withGateway { gateway in
            try await gateway.make(
                "/v1/subscriptions",
                ["organization": "acme", "dialect": "standard", "name": "N", "url": "https://example.com"])
            #expect(try await gateway.get(Self.hooks).json == [])
        }
    }
}
