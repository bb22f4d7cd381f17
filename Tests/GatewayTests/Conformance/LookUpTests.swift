internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseDialects
internal import GatehouseGateway
internal import HTTPTypes
import Testing

/// Every look-up of names for one tenant, while the look-ups of another tenant hang: creating and updating
/// subscriptions through every API, tests, deliveries.
@Suite(.serialized) struct LookUpTests {
    private typealias Client = LiveGateway.Client

    /// A tenant with an organization, a key for it and a secret URL.
    private struct Tenant: Sendable {
        let organization: String
        let key: String
        let trigger: String
    }

    /// A way to make the gateway look a URL up.
    private struct Way: Sendable {
        let name: String
        let call: @Sendable (_ url: String, Tenant, Client) async throws -> Client.Answer
    }

    // swift-format-ignore
    private static let ways: [Way] = [
        Way(name: "basip")       { try await $2.post("/api/v1/webhooks", BasIPGateway.with(BasIPGateway.least, ["url": .string($0)]), key: $1.key) },
        Way(name: "placeos")     { try await $2.call(.post, $1.trigger, ["webhook": .string($0)]) },
        Way(name: "standard")    { try await $2.post("/v1/subscriptions", native($0, $1), key: $1.key) },
        Way(name: "prodatakey")  { try await $2.post("/api/ous/\($1.organization)/hooks", ProdataKeyManageTests.with(ProdataKeyManageTests.created, ["url": .string($0)]), key: $1.key) },
        Way(name: "oneupvision") { try await $2.post("/api/v1/service-hooks", ["url": .string($0), "events": ["punch.create"]], key: $1.key) },
        Way(name: "situator")    { try await $2.post(SituatorGateway.webhooks, SituatorGateway.with(SituatorGateway.created, ["url": .string($0)]), key: $1.key) },
        Way(name: "a change")    { try await change($0, $1, $2) },
        Way(name: "a test")      { try await test($0, $1, $2) },
    ]

    private static func native(_ url: String, _ tenant: Tenant) -> JSON {
        ["name": "N", "dialect": "standard", "url": .string(url), "organization": .string(tenant.organization)]
    }

    private static func change(_ url: String, _ tenant: Tenant, _ gateway: Client) async throws -> Client.Answer {
        let made = try await gateway.make("/v1/subscriptions", native("http://127.0.0.1:9/", tenant), key: tenant.key)
        return try await gateway.send(
            .patch, "/v1/subscriptions/\(made["id"]?.text ?? "")", key: tenant.key,
            headers: [.contentType: "application/json"], body: (["url": .string(url)] as JSON).bytes)
    }

    /// For a subscription that was created before the look-up of its name hung.
    private static func test(_ url: String, _ tenant: Tenant, _ gateway: Client) async throws -> Client.Answer {
        let made = try await gateway.make("/v1/subscriptions", native(url, tenant), key: tenant.key)
        return try await gateway.post(
            "/v1/subscriptions/\(made["id"]?.text ?? "")/test", [:], key: tenant.key)
    }

    private static func tenant(_ organization: String, _ gateway: Client) async throws -> Tenant {
        let name = JSON.string(organization)
        try await gateway.make("/v1/organizations", ["id": name, "name": name])
        let key = try await gateway.make("/v1/keys", ["name": "K", "role": "admin", "organization": name])
        let trigger = try await gateway.make("/v1/triggers", ["name": "T", "organization": name])
        return Tenant(
            organization: organization, key: try #require(key["key"]?.text),
            trigger: String(try #require(trigger["url"]?.text).dropFirst(gateway.base.count)))
    }

    @Test func everyDialectWithItsOwnAPIIsTested() {
        let named = Set(Self.ways.map(\.name))
        for dialect in Dialects.all where dialect.manage != nil { #expect(named.contains(dialect.name.text)) }
    }

    @Test(.timeLimit(.minutes(2)))
    func hangingLookUpDelaysNoOtherTenant() async throws {
        let names = HeldNames()
        try await LiveGateway.with(Dialects.all, resolving: names.lookUp) { gateway in
            let (theirs, ours) = (try await Self.tenant("theirs", gateway), try await Self.tenant("ours", gateway))
            let answered = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let way = Self.ways[number % Self.ways.count]
                    group.addTask {
                        _ = try await way.call("https://held-\(number).example/", theirs, gateway)
                        answered.grow()
                    }
                }
                #expect(await Self.becomes { names.held == 8 })
                for way in Self.ways {
                    let host = "ours-\(way.name.replacing(" ", with: "-")).example"
                    let answer = try await way.call("https://\(host)/", ours, gateway)
                    #expect((200..<300).contains(answer.status), "\(way.name): \(answer.text)")
                    #expect(names.begun.contains(host), "\(way.name): the name was looked up in time")
                    // The first two are those whose contracts take a URL once.
                    if way.name == "placeos" { #expect(answered.value == 0, "ours waited for none of theirs") }
                }
                try await Self.delivers(to: ours, names, gateway)
                #expect(names.held == 8, "theirs have their share and no more")
                names.letGo()
                try await group.waitForAll()
            }
            #expect(answered.value == 40)
        }
    }

    /// Delivers an event to a receiver whose name was never looked up.
    private static func delivers(to tenant: Tenant, _ names: HeldNames, _ gateway: Client) async throws {
        let receiver = try await ClosingReceiver(speaksTLS: false)
        let url = receiver.url.replacing("127.0.0.1", with: "delivered.example")
        let body = ProdataKeyManageTests.with(native(url, tenant), ["kinds": ["panic.*"]])
        try await gateway.make("/v1/subscriptions", body, key: tenant.key)
        let event: JSON = [
            "specversion": "1.0", "id": "p1", "source": "/panels/1", "type": "panic.raised",
            "organization": .string(tenant.organization), "data": [:],
        ]
        #expect(try await gateway.post("/v1/events", event).status == 202)
        #expect(await becomes { receiver.requests == 1 })
        #expect(names.begun.contains("delivered.example"))
        await receiver.stop()
    }

    private static func becomes(_ condition: () -> Bool) async -> Bool {
        for _ in 1...1_000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return condition()
    }

    /// Two callers post one URL at once, through both APIs whose contracts take it once, while another tenant's name
    /// hangs.
    @Test(.timeLimit(.minutes(2)))
    func urlIsTakenOnceDuringAHangingLookUp() async throws {
        let names = HeldNames()
        try await LiveGateway.with(Dialects.all, resolving: names.lookUp) { gateway in
            let (theirs, ours) = (try await Self.tenant("theirs", gateway), try await Self.tenant("ours", gateway))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for way in Self.ways.prefix(2) {
                    group.addTask { _ = try await way.call("https://held-\(way.name).example/", theirs, gateway) }
                }
                #expect(await Self.becomes { names.held == 2 })
                for (way, others) in zip(Self.ways.prefix(2), [400, 201]) {
                    let statuses = try await Self.statuses(of: way, 10, ours, gateway)
                    let firsts = statuses.filter { $0 == (others == 400 ? 200 : 201) }.count
                    #expect(firsts == (others == 400 ? 1 : 10) && statuses.filter { $0 == others }.count >= 9)
                }
                names.letGo()
                try await group.waitForAll()
            }
            let made = try await gateway.get("/v1/subscriptions?organization=ours").json["items"]?.items ?? []
            #expect(made.count == 2, "one of each")
        }
    }

    private static func statuses(
        of way: Way, _ count: Int, _ tenant: Tenant, _ gateway: Client
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask { try await way.call("https://one-\(way.name).example/", tenant, gateway).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
