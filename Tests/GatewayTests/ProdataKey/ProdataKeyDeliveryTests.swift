internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseVerification
internal import HTTPTypes
internal import Synchronization
import Testing

@testable internal import DialectFixtures
@testable internal import gatehouse

/// The deliveries to a ProdataKey receiver, over TLS and through a whole gateway.
@Suite struct ProdataKeyDeliveryTests {
    private func withGateway(_ test: (LiveGateway.Client, ProdataKeyReceiver) async throws -> Void) async throws {
        try await ProdataKeyReceiver.withGateway { gateway, receiver in
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
    }

    private func hook(_ receiver: ProdataKeyReceiver, _ events: JSON, _ more: JSON = [:]) -> JSON {
        ProdataKeyManageTests.with(
            [
                "name": "N", "url": receiver.url, "scope": "ouRecursive", "authentication": ["type": "None"],
                "events": events, "sslVerification": false, "secret": .string(ProdataKeyReceiver.secret),
            ], more)
    }

    private func event(_ id: String, _ kind: String, _ data: JSON, of organization: JSON = "acme") -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/panels/1", "type": .string(kind),
            "time": "2022-03-10T14:31:48.300Z", "organization": organization, "data": data,
        ]
    }

    @Test(.timeLimit(.minutes(1)))
    func grantedAccessIsPostedToASelfSignedHTTPSReceiver() async throws {
        try await withGateway { gateway, receiver in
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
    func selfSignedCertificateIsNotTrustedIfCertificatesAreVerified() async throws {
        try await withGateway { gateway, receiver in
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
    func scopeSelectsTheOrganizationsOfEvents() async throws {
        try await withGateway { gateway, receiver in
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
    func inactiveWebhookIsOwedNothing() async throws {
        try await withGateway { gateway, receiver in
            let body = hook(receiver, ["door.alarm.forced"], ["active": false])
            let id = try #require(try await gateway.make(ProdataKeyManageTests.hooks, body)["id"]?.text)
            let forced = event("x", "door.forced", ["panel": "1070000", "door": "lobby"])
            #expect(try await gateway.post("/v1/events", forced).json["events"]?.items?.first?["deliveries"] == 0)
            #expect(try await gateway.get("\(ProdataKeyManageTests.hooks)/\(id)").json["odometer"] == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func expiredWebhookIsSetInactive() async throws {
        try await withGateway { gateway, receiver in
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

    /// The ten topics about the directory and keys.
    private static let told = [
        "ou.created", "ou.updated", "panel.created", "panel.updated", "panel.deleted", "permission.created",
        "permission.accepted", "permission.updated", "permission.deleted", "ou.deleted",
    ]

    @Test(.timeLimit(.minutes(1)))
    func changeOfTheDirectoryIsDelivered() async throws {
        try await withGateway { gateway, receiver in
            let topics = JSON.array(Self.told.map { .string($0) })
            try await gateway.make(ProdataKeyManageTests.hooks, hook(receiver, topics))
            try await gateway.changeDirectory()
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
}
