internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// An event with derived facts of the directory is the same to every dialect as one whose reporter gave them.
@Suite struct DerivedFactsTests {
    /// The kinds with a door.
    private static let kinds = Catalogue.rows.filter {
        $0.teller != .gateway && $0.blocks.isSuperset(of: [.panel, .door])
    }
    .map(\.kind)

    /// The building, with its door as an attendance point, so that every contract has a name for its events.
    private static let directory: Directory = {
        var directory = Building.directory
        if let panel = directory.panel(PanelID("1070000"), in: Building.organization) {
            directory.put(Door(id: DoorID("lobby"), panel: panel, number: 3, name: "Door", isAttendancePoint: true))
        }
        return directory
    }()

    private func admitted(_ kind: Kind, naming panel: String?) throws -> Event {
        var data = JSONObject()
        data["panel"] = panel.map { .string($0) }
        data["door"] = "lobby"
        if Catalogue.row(of: kind).blocks.contains(.person) { data["person"] = ["id": "31", "firstName": "Ana"] }
        let draft: JSON = [
            "specversion": "1.0", "id": "1", "source": "/panels/1070000", "type": .string(kind.name),
            "data": .object(data),
        ]
        var random = SeededRandom(seed: 7)
        return try Admission(
            directory: Self.directory, caller: .init(of: Building.organization, role: .admin), now: Building.now
        )
        .admit(draft, using: &random).event
    }

    @Test(arguments: Spoken.all)
    func eventAtADoorIsMatchedByItsPanelAndSentWithIt(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["scope": ["1070000"]])
        var index = SubscriptionIndex()
        index.put(subscription)
        let table = DialectTable([spoken.dialect])
        var owed = 0
        for kind in Self.kinds {
            let (derived, named) = (try admitted(kind, naming: nil), try admitted(kind, naming: "1070000"))
            #expect(
                spoken.dialect.names(of: derived, for: subscription)
                    == spoken.dialect.names(of: named, for: subscription), "\(kind)")
            let found = index.owed(derived, lineage: [Building.organization], dialects: table)
            #expect(found.count == index.owed(named, lineage: [Building.organization], dialects: table).count)
            owed += found.count
            guard !found.isEmpty else { continue }
            #expect(spoken.prepare(derived, for: subscription).body == spoken.prepare(named, for: subscription).body)
        }
        #expect(owed > 0)
    }

    @Test func subscriptionToAPanelGetsEventsThatNameOnlyADoor() async throws {
        try await LiveGateway.with(Dialects.all) { client in
            try await client.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await client.make("/v1/panels", ["id": "1070000", "organization": "acme", "name": "Main"])
            try await client.make("/v1/doors", ["id": "lobby", "panel": "1070000", "number": 1, "name": "Lobby"])
            try await client.make(
                "/v1/subscriptions",
                [
                    "name": "By panel", "dialect": "standard", "url": "http://127.0.0.1:9/in", "organization": "acme",
                    "scope": ["1070000"],
                ])
            let event: JSON = [
                "specversion": "1.0", "id": "1", "source": "panel", "type": "door.forced", "data": ["door": "lobby"],
            ]
            // The key is above all trees, and only one organization has that door.
            let receipt = try await client.post("/v1/events", event)
            #expect(receipt.status == 202, "\(receipt.text)")
            #expect(receipt.json["events"]?.items?.first?["deliveries"] == 1)
            let again = try await client.post("/v1/events", event)
            #expect(again.json["events"]?.items?.first?["duplicate"] == true)
            let page = try await client.get("/v1/events?door=lobby&kind=door.forced&organization=acme")
            #expect(page.json["events"]?.items?.map { $0["data"]?["panel"] } == ["1070000"])
        }
    }
}
