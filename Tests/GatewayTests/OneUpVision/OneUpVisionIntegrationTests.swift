internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import gatehouse

/// The uuid and the secret of an organization's integration: one record for every interface, and for any number
/// of callers at once.
@Suite struct OneUpVisionIntegrationTests {
    private static let hooks = "/api/v1/service-hooks"
    private static let good: JSON = ["url": "https://example.com/in", "events": ["punch.create"]]
    private static let native: JSON = [
        "organization": "acme", "dialect": "oneupvision", "name": "N", "url": "https://example.com/in",
        "settings": ["events": ["punch.create"]],
    ]
    private static let refusal: JSON = [
        "secret": [
            "secret belongs to the whole organization, which has one: leave it out, repeat it, or rotate it for all"
        ]
    ]

    private func with(_ body: JSON, _ more: JSON) -> JSON { ProdataKeyManageTests.with(body, more) }

    private func withGateway(_ test: (LiveGateway.Client, any Store) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            for (id, parent): (JSON, JSON) in [("acme", .null), ("north", "acme")] {
                try await gateway.make("/v1/organizations", ["id": id, "name": "Acme", "parent": parent])
                try await gateway.make("/v1/panels", ["id": id, "organization": id, "name": "Panel"])
                try await gateway.make(
                    "/v1/doors",
                    ["id": id, "panel": id, "organization": id, "number": 1, "name": "D", "attendance": true])
            }
            try await test(gateway, gateway.store)
        }
    }

    /// The secret of each subscription of the contract, by the organization's id.
    private func secrets(_ store: any Store, _ organization: String = "acme") async throws -> Set<String> {
        let stored = try await store.subscriptions().filter { $0.identity.organization.text == organization }
        return Set(try stored.compactMap { try JSONParser.parse($0.terms)["secret"]?.text })
    }

    @Test func secretCreatesTheIntegrationOrMatchesItOrIsRefused() async throws {
        try await withGateway { gateway, store in
            let own: JSON = ["secret": "a secret of acme's"]
            let first = try await gateway.make(Self.hooks, with(Self.good, own))
            #expect(first["secret"]?.text == nil, "its owner knows it")
            for body in [Self.good, with(Self.good, own)] {
                #expect(try await gateway.make(Self.hooks, body)["secret"]?.text == nil)
            }
            #expect(try await gateway.make("/v1/subscriptions", Self.native)["secret"]?.text == nil)
            let path = "\(Self.hooks)/\(try #require(first["id"]?.text))"
            #expect(try await gateway.put(path, with(Self.good, own)).status == 200)
            for other: JSON in [["secret": "another secret, of a stranger"], ["secret": "A SECRET OF ACME'S"]] {
                for answer in [
                    try await gateway.post(Self.hooks, with(Self.good, other)),
                    try await gateway.put(path, with(Self.good, other)),
                ] {
                    #expect(answer.status == 400 && answer.json == Self.refusal, "\(answer.text)")
                }
                let id = try #require(first["id"]?.text)
                for answer in [
                    try await gateway.post("/v1/subscriptions", with(Self.native, other)),
                    try await gateway.send(
                        .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"],
                        body: other.bytes),
                ] {
                    #expect(answer.status == 422 && answer.json["field"] == "secret", "\(answer.text)")
                }
            }
            #expect(try await secrets(store) == ["a secret of acme's"])
            #expect(try await store.subscriptions().filter { $0.identity.organization.text == "acme" }.count == 4)
        }
    }

    @Test func secretIsShownOnceByEitherInterface() async throws {
        for paths in [[Self.hooks, "/v1/subscriptions"], ["/v1/subscriptions", Self.hooks]] {
            try await withGateway { gateway, store in
                let bodies = paths.map { $0 == Self.hooks ? Self.good : Self.native }
                let first = try await gateway.make(paths[0], bodies[0])
                let second = try await gateway.make(paths[1], bodies[1])
                #expect(first["secret"]?.text?.count == 64 && second["secret"]?.text == nil)
                #expect(try await secrets(store) == [try #require(first["secret"]?.text)])
                #expect(
                    Set(try await gateway.get(Self.hooks).json.items?.compactMap { $0["uuid"]?.text } ?? []).count == 1)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func simultaneousFirstHooksShowTheSharedSecretOnce() async throws {
        try await withGateway { gateway, store in
            let shown = try await withThrowingTaskGroup(of: JSON.self) { tasks in
                for number in 0..<16 {
                    tasks.addTask {
                        number.isMultiple(of: 2)
                            ? try await gateway.make(Self.hooks, Self.good)
                            : try await gateway.make("/v1/subscriptions", Self.native)
                    }
                }
                return try await tasks.reduce(into: [String]()) { $0 += [$1["secret"]?.text].compactMap { $0 } }
            }
            #expect(shown.count == 1)
            #expect(try await secrets(store) == Set(shown))
            #expect(try await store.integrations().map(\.secret.revealed) == shown)
        }
    }

    @Test func uuidOfAnOrganizationHasVersion5() async throws {
        try await withGateway { gateway, store in
            let made = try await gateway.make(Self.hooks, Self.good)
            let uuid = Array(try #require(made["uuid"]?.text))
            #expect(uuid.count == 36 && uuid[14] == "5" && "89ab".contains(uuid[19]))
            let north = try await gateway.send(
                .post, Self.hooks, headers: try northern(), body: Self.good.bytes)
            #expect(north.status == 201 && north.json["uuid"] != made["uuid"])
            #expect(try await secrets(store).isDisjoint(with: secrets(store, "north")))
        }
    }

    private func northern() throws -> HTTPFields {
        [.contentType: "application/json", try #require(HTTPField.Name("gatehouse-organization")): "north"]
    }

    /// The uuid that an organization had before uuids were stored stays, for present and later hooks. This gateway has
    /// not read the record, and finds it before it would create another.
    @Test func olderUUIDStays() async throws {
        try await withGateway { gateway, store in
            let name = Integration.Name(OrganizationID("acme"), DialectName("oneupvision"))
            let before = Integration(name, id: nil, secret: Secret("the secret of before"))
            let identity = Subscription.Identity(
                id: SubscriptionID("old"), organization: name.organization, created: Instant(seconds: 1))
            let terms = try Spoken(dialect: OneUpVisionDialect()).terms(["secret": "the secret of before"])
            _ = try await store.add(
                StoredSubscription(
                    identity: identity, terms: JSON.object(terms.json(.secrets)).bytes, hold: .none,
                    revision: 1),
                as: .founding(before))
            let made = try await gateway.make(Self.hooks, Self.good)
            let uuid = Array(try #require(made["uuid"]?.text))
            #expect(uuid.count == 36 && uuid[14] == "8" && made["secret"]?.text == nil)
            #expect(try await gateway.make("/v1/subscriptions", Self.native)["secret"]?.text == nil)
            #expect(try await secrets(store) == ["the secret of before"])
            let listed = try await gateway.get(Self.hooks).json.items ?? []
            #expect(Set(listed.compactMap { $0["uuid"]?.text }) == [String(uuid)])
        }
    }

    @Test func hookGetsOnlyEventsOfItsOrganization() async throws {
        try await withGateway { gateway, _ in
            try await gateway.make(Self.hooks, Self.good)
            try await gateway.make("/v1/subscriptions", Self.native)
            for (organization, owed): (JSON, JSON) in [("acme", 2), ("north", 0)] {
                let answer = try await gateway.post("/v1/events", passage(organization, "1"))
                #expect(answer.json["events"]?.items?.first?["deliveries"] == owed, "\(answer.text)")
            }
            let answer = try await gateway.post(
                "/v1/subscriptions", with(Self.native, ["scope": "recursive"]))
            #expect(answer.status == 422 && answer.json["field"] == "scope", "\(answer.text)")
            #expect(try await gateway.make("/v1/subscriptions", with(Self.native, ["scope": .null]))["scope"] == "this")
        }
    }

    private func passage(_ organization: JSON, _ id: String) -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/s", "type": "access.granted",
            "organization": organization,
            "data": [
                "panel": organization, "door": organization, "person": ["id": "31", "firstName": "Ana"],
                "access": ["direction": "entry"],
            ],
        ]
    }

    /// Both receivers of an organization verify with the new secret from the next request on, under one uuid.
    @Test(.timeLimit(.minutes(1)))
    func rotationAppliesToEveryHook() async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let receiver = EventReceiver { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        try await withGateway { gateway, store in
            let target: JSON = ["url": .string("http://127.0.0.1:\(port)/in")]
            let first = try await gateway.make(Self.hooks, with(Self.good, target))
            try await gateway.make("/v1/subscriptions", with(Self.native, target))
            let id = try #require(first["id"]?.text)
            let rotated = try await gateway.post("/v1/subscriptions/\(id)/rotate-secret", [:])
            let secret = try #require(rotated.json["secret"]?.text)
            #expect(secret != first["secret"]?.text)
            #expect(try await secrets(store) == [secret])
            receiver.trust(try Verifier(.oneupvision, secret: secret))
            #expect(try await gateway.post("/v1/events", passage("acme", "1")).status == 202)
            var uuids: [String] = []
            for await arrival in commitSignal {
                #expect(arrival.isTaken)
                uuids += HTTPField.Name("X-ServiceHook-UUID").flatMap { arrival.headers[$0] }.map { [$0] } ?? []
                if uuids.count == 2 { break }
            }
            #expect(uuids == [first["uuid"]?.text, first["uuid"]?.text])
            #expect(try await gateway.make(Self.hooks, Self.good)["secret"]?.text == nil)
            #expect(try await secrets(store) == [secret], "who comes later joins what is in force")
            let again = try await gateway.post("/v1/subscriptions/\(id)/rotate-secret", ["secret": .string(secret)])
            #expect(again.status == 422)
        }
        await receiver.stop()
    }

    /// A rotation that takes effect later also holds for subscriptions that are created before that time.
    @Test func subscriptionCreatedDuringARotationSignsAsTheOthers() async throws {
        try await withGateway { gateway, store in
            let first = try await gateway.make(Self.hooks, Self.good)
            let id = try #require(first["id"]?.text)
            let rotated = try await gateway.post(
                "/v1/subscriptions/\(id)/rotate-secret", ["effectiveAt": "2099-01-01T00:00:00Z"])
            #expect(rotated.status == 200, "\(rotated.text)")
            try await gateway.make(Self.hooks, Self.good)
            #expect(try await gateway.put("\(Self.hooks)/\(id)", with(Self.good, ["description": "d"])).status == 200)
            let stored = try await store.subscriptions().filter { $0.identity.organization.text == "acme" }
            let outgoing = try stored.map { try JSONParser.parse($0.terms)["outgoing"]?["secret"] }
            #expect(outgoing == [first["secret"], first["secret"]])
            #expect(try await secrets(store) == [try #require(rotated.json["secret"]?.text)])
        }
    }

    @Test func integrationOutlivesItsLastHookAndEndsWithItsOrganization() async throws {
        try await withGateway { gateway, store in
            let first = try await gateway.make(Self.hooks, Self.good)
            #expect(try await gateway.send(.delete, "\(Self.hooks)/\(try #require(first["id"]?.text))").status == 204)
            let second = try await gateway.make(Self.hooks, Self.good)
            #expect(second["secret"]?.text == nil && second["uuid"] == first["uuid"])
            let made = try await gateway.send(.post, Self.hooks, headers: try northern(), body: Self.good.bytes)
            let secret = made.json["secret"]
            let hook = "\(Self.hooks)/\(made.json["id"]?.text ?? "")"
            #expect(try await gateway.send(.delete, hook, headers: try northern()).status == 204)
            for path in ["/v1/doors/north", "/v1/panels/north", "/v1/organizations/north"] {
                #expect(try await gateway.send(.delete, path).status == 204)
            }
            try await gateway.make("/v1/organizations", ["id": "north", "name": "Other", "parent": "acme"])
            let again = try await gateway.send(.post, Self.hooks, headers: try northern(), body: Self.good.bytes)
            #expect(again.json["secret"]?.text?.count == 64 && again.json["secret"] != secret, "\(again.text)")
            #expect(try await store.integrations().count == 2)
        }
    }
}
