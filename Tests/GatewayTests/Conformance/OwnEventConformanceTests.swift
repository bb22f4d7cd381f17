internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import gatehouse

/// The events about the gateway's own directory: each change, in every contract with a name for it, with all fields of
/// the contract's example; delivered to subscriptions whose scope includes what the body names.
@Suite struct OwnEventConformanceTests {
    /// The kinds that the gateway raises when its directory or its keys are changed.
    private static let raised: [Kind] = [
        .organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted,
        .deviceCreated, .deviceUpdated, .deviceDeleted, .permissionCreated, .permissionAccepted, .permissionUpdated,
        .permissionDeleted,
    ]

    @Test func everyContractWithNamesForOwnEventsIsTested() {
        let speaking = Dialects.all.filter { dialect in
            Self.raised.contains { dialect.vocabulary.sayable.contains($0) }
        }
        #expect(speaking.map(\.name.text).sorted() == ["prodatakey", "standard"])
        for dialect in speaking {
            #expect(Self.raised.allSatisfy { dialect.vocabulary.sayable.contains($0) }, "\(dialect.name)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func everyOwnEventHasAllFieldsOfTheVendorsExample() async throws {
        try await ProdataKeyReceiver.withGateway { gateway, receiver in
            let panels: [JSON] = [
                "notification.device.created", "notification.device.updated", "notification.device.deleted",
            ]
            for events in [JSON.array(Self.organizations.map { .string($0) }), .array(panels)] {
                try await gateway.make(ProdataKeyManageTests.hooks, hook(receiver.url, events, scope: "ouRecursive"))
            }
            try await gateway.changeDirectory()
            let bodies = try await receiver.bodies(Self.raised.count)
            #expect(Set(bodies.compactMap { $0["topic"]?.text }).count == Self.raised.count)
            for body in bodies {
                let topic = try #require(body["topic"]?.text)
                let example = try ProdataKeyExamples.body(of: topic)
                #expect(keys(body) == keys(example), "\(topic)")
                guard topic.hasPrefix("notification.") else { continue }
                #expect(body["panelId"] == "s1" && body["metadata"]?["occurred"]?.integer != nil)
                let wanted = Set(keys(example["body"] ?? .null))
                #expect(wanted.isSubset(of: keys(body["body"] ?? .null)), "\(topic): \(body.compact)")
            }
            let updated = bodies.first { $0["topic"] == "notification.device.updated" }
            #expect(updated?["body"]?["prevState"]?["name"] == "Back" && updated?["body"]?["id"] == 2)
            #expect(updated?["body"]?["newState"]?["name"] == "Yard")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func standardDialectSendsEachOwnEventWithItsBlocks() async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let receiver = EventReceiver { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let made = try await gateway.make(
                "/v1/subscriptions",
                [
                    "organization": "acme", "dialect": "standard", "name": "N", "privacyLevel": 0,
                    "url": .string("http://127.0.0.1:\(port)/"),
                ])
            receiver.trust(try Verifier(.standard, secret: try #require(made["secret"]?.text)))
            try await gateway.changeDirectory()
            var told: Set<String> = []
            for await arrival in commitSignal {
                let event = try JSONParser.parse(arrival.result.get().body)
                let name = try #require(event["type"]?.text)
                told.insert(name)
                let kind = try #require(Kind(named: name))
                let blocks = Catalogue.row(of: kind).blocks.map(\.rawValue)
                #expect(Set(keys(event["data"] ?? .null)).isSubset(of: blocks), "\(name)")
                #expect(event["data"]?["user"] != nil || !blocks.contains("user"), "\(name)")
                if told.count == Self.raised.count { break }
            }
            #expect(told == Set(Self.raised.map(\.name)))
        }
        await receiver.stop()
    }

    /// `ou` is this organization: creations and deletions directly below it belong to it, events below do not.
    @Test(.timeLimit(.minutes(1)))
    func scopeOfOneOrganizationGetsEventsThatNameIt() async throws {
        try await ProdataKeyReceiver.withGateway { gateway, receiver in
            let topics = JSON.array(Self.organizations.map { .string($0) })
            let path = ProdataKeyManageTests.hooks
            let id = try #require(
                try await gateway.make(path, hook(receiver.url, topics, scope: "ou"))["id"]?.text)
            try await gateway.changeDirectory()
            let bodies = try await receiver.bodies(2)
            #expect(bodies.compactMap { $0["topic"]?.text }.sorted() == ["ou.created", "ou.deleted"])
            #expect(bodies.allSatisfy { $0["id"] == "south" && $0["parent"] == "acme" })
            #expect(try await gateway.get("\(path)/\(id)").json["odometer"] == 2)
        }
    }

    /// A person belongs to no panel; the body names the reporting panel, and so does the scope.
    @Test(.timeLimit(.minutes(1)), arguments: ["created", "updated", "deleted"])
    func scopeOfPanelsGetsPersonsReportedByThePanel(change: String) async throws {
        try await ProdataKeyReceiver.withGateway { gateway, receiver in
            for panel: JSON in ["1070000", "1070001"] {
                try await gateway.make("/v1/panels", ["id": panel, "organization": "acme", "name": "Panel"])
            }
            try await gateway.make(
                ProdataKeyManageTests.hooks,
                hook(receiver.url, [.string("notification.person.\(change)")], scope: ["1070001"]))
            for (panel, owed): (JSON, JSON) in [("1070000", 0), (.null, 0), ("1070001", 1)] {
                var details: JSONObject = ["enabled": true]
                if panel != .null { details["panelId"] = panel }
                let answer = try await gateway.post(
                    "/v1/events",
                    [
                        "specversion": "1.0", "id": .string("of \(panel.compact)"), "source": "/s",
                        "type": .string("person.\(change)"), "organization": "acme",
                        "data": ["person": ["id": "31"], "details": .object(details)],
                    ])
                #expect(answer.json["events"]?.items?.first?["deliveries"] == owed, "\(panel): \(answer.text)")
            }
            #expect(try await receiver.bodies(1).first?["panelId"] == "1070001")
        }
    }

    // MARK: Shared parts

    private static let organizations = [
        "ou.created", "ou.updated", "ou.deleted", "panel.created", "panel.updated", "panel.deleted",
        "permission.created", "permission.accepted", "permission.updated", "permission.deleted",
    ]

    private func keys(_ json: JSON) -> [String] { json.object?.members.map(\.key) ?? [] }

    private func hook(_ url: JSON, _ events: JSON, scope: JSON) -> JSON {
        [
            "name": "N", "url": url, "scope": scope, "authentication": ["type": "None"], "events": events,
            "sslVerification": false, "secrecyLevel": 0, "secret": .string(ProdataKeyReceiver.secret),
        ]
    }
}
