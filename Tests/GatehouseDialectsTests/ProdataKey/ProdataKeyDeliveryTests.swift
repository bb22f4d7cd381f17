internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseVerification
internal import HTTPTypes
internal import Synchronization
import Testing

@testable internal import gatehouse

/// What reaches a ProdataKey receiver, over TLS and with a whole gateway between.
@Suite struct ProdataKeyDeliveryTests {
    private static let secret = "vvHkDbPeIespEKDprlvzlstDPPhLJnxG"

    /// A receiver that speaks TLS with a certificate that it signed itself, and verifies what it is sent.
    private final class Receiver: Sendable {
        let port: Int
        private let receiver: EventReceiver
        private let arrivals: AsyncStream<EventReceiver.Arrival>

        init() async throws {
            let (arrivals, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            let verifier = try Verifier(.prodatakey, secret: ProdataKeyDeliveryTests.secret)
            receiver = EventReceiver(verifier: verifier, identity: try SelfSignedIdentity(host: "localhost")) {
                arrived.yield($0)
            }
            self.arrivals = arrivals
            port = try await receiver.start(host: "127.0.0.1", port: 0)
        }

        var url: JSON { .string("https://127.0.0.1:\(port)/in") }

        /// The next bodies that came and verified.
        func bodies(_ count: Int) async throws -> [JSON] {
            var bodies: [JSON] = []
            for await arrival in arrivals {
                bodies.append(try JSONParser.parse(arrival.result.get().body))
                if bodies.count == count { break }
            }
            return bodies
        }

        func stop() async { await receiver.stop() }
    }

    private func house(_ test: (LiveGateway.Client, Receiver) async throws -> Void) async throws {
        let receiver = try await Receiver()
        do {
            try await LiveGateway.with(Dialects.all) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                try await gateway.make("/v1/organizations", ["id": "north", "name": "North", "parent": "acme"])
                for (panel, door, organization): (JSON, JSON, JSON) in [
                    ("1070000", "lobby", "acme"), ("1070001", "garage", "acme"), ("n1", "dock", "north"),
                ] {
                    try await gateway.make("/v1/panels", ["id": panel, "organization": organization, "name": "Panel"])
                    try await gateway.make(
                        "/v1/doors",
                        ["id": door, "panel": panel, "organization": organization, "number": 1, "name": "Door Name"])
                }
                try await test(gateway, receiver)
            }
        } catch {
            await receiver.stop()
            throw error
        }
        await receiver.stop()
    }

    private func hook(_ receiver: Receiver, _ events: JSON, _ more: JSON = [:]) -> JSON {
        ProdataKeyManageTests.with(
            [
                "name": "N", "url": receiver.url, "scope": "ouRecursive", "authentication": ["type": "None"],
                "events": events, "sslVerification": false, "secret": .string(Self.secret),
            ], more)
    }

    private func event(_ id: String, _ kind: String, _ data: JSON, of organization: JSON = "acme") -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/panels/1", "type": .string(kind),
            "time": "2022-03-10T14:31:48.300Z", "organization": organization, "data": data,
        ]
    }

    @Test(.timeLimit(.minutes(1)))
    func aGrantedBadgeIsPostedToAnHTTPSReceiverThatNobodyVouchesFor() async throws {
        try await house { gateway, receiver in
            let id = try #require(
                try await gateway.make(
                    ProdataKeyManageTests.hooks, hook(receiver, ["door.request.allowed"]))["id"]?.text)
            let data: JSON = [
                "panel": "1070000", "door": "lobby", "person": ["id": "1"], "access": ["factor": "CARD_OR_PIN"],
            ]
            let badge = event("679521e4-c455-423f-8155-d012c98f5dcc", "access.granted", data)
            #expect(try await gateway.post("/v1/events", badge).status == 202)
            #expect(try await gateway.post("/v1/events", event("x", "access.denied", data)).status == 202)
            let body = try #require(try await receiver.bodies(1).first)
            #expect(
                body.compact == """
                    {"id":"679521e4-c455-423f-8155-d012c98f5dcc","body":{"doorId":1,"personId":1,\
                    "requestFactor":"CARD_OR_PIN"},"metadata":{"occurred":1646922708300,"doorName":"Door Name"},\
                    "panelId":"1070000","topic":"door.request.allowed"}
                    """, "the seed's own example")
            let shown = try await gateway.get("\(ProdataKeyManageTests.hooks)/\(id)").json
            #expect(shown["odometer"] == 1, "the refusal did not trigger it")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whereCertificatesAreCheckedASelfSignedOneIsNotTrusted() async throws {
        try await house { gateway, receiver in
            let id = try #require(
                try await gateway.make(
                    ProdataKeyManageTests.hooks,
                    hook(receiver, ["door.alarm.forced"], ["sslVerification": true]))["id"]?.text)
            _ = try await gateway.post("/v1/events", event("x", "door.forced", ["panel": "1070000", "door": "lobby"]))
            var outcome: String?
            while outcome == nil {
                let listed = try await gateway.get("/v1/deliveries?subscription=\(id)").json["items"]?.items
                let delivery = try #require(listed?.first?["id"]?.text)
                let attempts = try await gateway.get("/v1/deliveries/\(delivery)").json["attempts"]?.items
                outcome = attempts?.first?["outcome"]?.text
            }
            #expect(outcome == "untrusted")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theScopeSaysWhoseEventsTriggerIt() async throws {
        try await house { gateway, receiver in
            var ids: [String: String] = [:]
            for (name, scope): (String, JSON) in [
                ("ou", "ou"), ("ouRecursive", "ouRecursive"), ("panels", ["1070001"]),
            ] {
                let body = hook(receiver, ["door.alarm.forced"], ["scope": scope])
                ids[name] = try await gateway.make(ProdataKeyManageTests.hooks, body)["id"]?.text
            }
            for (panel, door, organization): (JSON, JSON, JSON) in [
                ("1070000", "lobby", "acme"), ("1070001", "garage", "acme"), ("n1", "dock", "north"),
            ] {
                let forced = event("of \(door)", "door.forced", ["panel": panel, "door": door], of: organization)
                #expect(try await gateway.post("/v1/events", forced).status == 202)
            }
            var odometers: [String: Int64] = [:]
            for (name, id) in ids {
                odometers[name] = try await gateway.get("\(ProdataKeyManageTests.hooks)/\(id)").json["odometer"]?
                    .integer
            }
            #expect(odometers == ["ou": 2, "ouRecursive": 3, "panels": 1])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func anInactiveWebhookIsOwedNothing() async throws {
        try await house { gateway, receiver in
            let body = hook(receiver, ["door.alarm.forced"], ["active": false])
            let id = try #require(try await gateway.make(ProdataKeyManageTests.hooks, body)["id"]?.text)
            let forced = event("x", "door.forced", ["panel": "1070000", "door": "lobby"])
            #expect(try await gateway.post("/v1/events", forced).json["events"]?.items?.first?["deliveries"] == 0)
            #expect(try await gateway.get("\(ProdataKeyManageTests.hooks)/\(id)").json["odometer"] == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func anExpiredWebhookIsSetInactive() async throws {
        try await house { gateway, receiver in
            let end = RFC3339.text(SystemClock().now + .seconds(1))
            let body = hook(receiver, ["door.alarm.forced"], ["expiresAt": .string(end)])
            let id = try #require(try await gateway.make(ProdataKeyManageTests.hooks, body)["id"]?.text)
            var native: JSON = .null
            while native["active"] != false {
                native = try await gateway.get("/v1/subscriptions/\(id)").json
            }
            let shown = try await gateway.get("\(ProdataKeyManageTests.hooks)/\(id)").json
            #expect(shown["active"] == false)
            #expect(shown["expiresAt"]?.text == end)
            let forced = event("x", "door.forced", ["panel": "1070000", "door": "lobby"])
            #expect(try await gateway.post("/v1/events", forced).json["events"]?.items?.first?["deliveries"] == 0)
        }
    }

    /// The ten topics in the order in which ``changes(_:)`` brings them about.
    private static let told = [
        "ou.created", "ou.updated", "panel.created", "panel.updated", "panel.deleted", "permission.created",
        "permission.accepted", "permission.updated", "permission.deleted", "ou.deleted",
    ]

    @Test(.timeLimit(.minutes(1)))
    func whatTheDirectoryGoesThroughIsTold() async throws {
        try await house { gateway, receiver in
            let topics = JSON.array(Self.told.map { .string($0) })
            try await gateway.make(ProdataKeyManageTests.hooks, hook(receiver, topics))
            try await changes(gateway)
            let bodies = try await receiver.bodies(10)
            let byTopic = Dictionary(
                bodies.map { ($0["topic"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first })
            #expect(Set(byTopic.keys) == Set(Self.told))
            for (topic, body) in byTopic {
                #expect(body.object?.members.map(\.key) == (try keys(of: topic)), "\(topic)")
                #expect(body["user"]?.object?.members.map(\.key) == ["id", "firstName", "lastName"])
                #expect(body["clientInfo"]?["ipAddress"] == "127.0.0.1")
            }
            #expect(byTopic["ou.created"]?["parent"] == "acme")
            #expect(byTopic["ou.updated"]?["name"] == "Deep south")
            #expect(byTopic["panel.updated"]?["ou"] == "south")
            #expect(byTopic["permission.created"]?["userId"] == .null)
            #expect(byTopic["permission.accepted"]?["name"] == "Ana Reis")
            #expect(byTopic["permission.accepted"]?["user"]?["id"] == "u1")
            #expect(byTopic["permission.updated"]?["role"] == "manager")
            #expect(byTopic["permission.deleted"]?["userId"] == "u1")
        }
    }

    /// The keys of the seed's example for a topic, in their order.
    private func keys(of topic: String) throws -> [String] {
        try #require(try ProdataKeyExamples.body(of: topic).object).members.map(\.key)
    }

    private func changes(_ gateway: LiveGateway.Client) async throws {
        func patch(_ path: String, _ body: JSON) async throws {
            let answer = try await gateway.send(
                .patch, path, headers: [.contentType: "application/json"], body: body.bytes)
            #expect(answer.status == 200, "\(answer.text)")
        }
        func delete(_ path: String) async throws {
            let answer = try await gateway.send(.delete, path)
            #expect(answer.status == 204, "\(answer.text)")
        }
        try await gateway.make("/v1/organizations", ["id": "south", "name": "South", "parent": "acme"])
        try await patch("/v1/organizations/south", ["name": "Deep south"])
        try await gateway.make("/v1/panels", ["id": "s1", "organization": "south", "name": "Panel Name"])
        try await patch("/v1/panels/s1", ["name": "Renamed"])
        try await delete("/v1/panels/s1")
        let made = try await gateway.make(
            "/v1/keys",
            [
                "name": "K", "role": "reporter", "organization": "south",
                "owner": ["id": "u1", "firstName": "Ana", "lastName": "Reis", "email": "test@mail.com"],
            ])
        _ = try await gateway.get("/v1/doors", key: try #require(made["key"]?.text))
        let key = "/v1/keys/\(try #require(made["id"]?.text))"
        try await patch(key, ["role": "manager"])
        try await delete(key)
        try await delete("/v1/organizations/south")
    }
}
