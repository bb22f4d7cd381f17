internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// Deliveries by place, through a whole gateway: the commit, the feed by door and a replay agree for every kind, every
/// way to name a panel and a door, every scope and every choice of doors.
@Suite(.timeLimit(.minutes(3))) struct OwedPlaceTests {
    private struct Told {
        let kind: Kind
        let access: JSON?
        let organization: String
        let panel: String?
        let door: String?

        var isUrgent: Bool { kind == .doorForced || access?["duress"] == true }

        /// The panel that counts: that of a known door, else the named one.
        var placedPanel: String? { door.flatMap { OwedPlaceTests.panels[$0] } ?? panel }

        /// The door where it happened: the only one of its panel if none is named.
        var placedDoor: String? { door ?? (panel == "p2" ? "gate" : panel == "p3" ? "shed" : nil) }

        func event(_ id: Int) -> JSON {
            var data = JSONObject()
            data["panel"] = panel.map { .string($0) }
            data["door"] = door.map { .string($0) }
            data["access"] = access
            return [
                "specversion": "1.0", "id": .string("\(id)"), "source": "/s", "type": .string(kind.name),
                "organization": .string(organization), "data": .object(data),
            ]
        }
    }

    private struct Asked {
        let scope: JSON
        let doors: [String]?

        func isOwed(_ told: Told) -> Bool {
            if let panels = scope.items {
                guard told.organization == "acme" else { return false }
                guard told.placedPanel.map({ panels.contains(.string($0)) }) ?? told.isUrgent else { return false }
            }
            if scope == "this", told.organization != "acme" { return false }
            return OwedPlaceTests.isAt(doors, told)
        }
    }

    fileprivate static let panels = ["lobby": "p1", "back": "p1", "gate": "p2", "shed": "p3"]

    /// A normal event must be at one of the doors; an urgent one is excluded only by a known door.
    private static func isAt(_ doors: [String]?, _ told: Told) -> Bool {
        guard let doors else { return true }
        if told.placedDoor.map(doors.contains) ?? false { return true }
        return told.isUrgent && (told.placedDoor.map { panels[$0] == nil } ?? true)
    }

    private static let told: [Told] = {
        let kinds: [(Kind, JSON?)] = [
            (.doorForced, nil), (.doorOpened, nil), (.accessGranted, ["duress": true]),
            (.accessGranted, ["duress": false]),
        ]
        let places: [(String, String?, String?)] = [
            ("acme", nil, nil), ("acme", "p1", nil), ("acme", "p1", "lobby"), ("acme", nil, "lobby"),
            ("acme", nil, "back"), ("acme", "p2", nil), ("acme", nil, "gate"), ("acme", "p2", "lobby"),
            ("acme", nil, "cellar"), ("acme", "p1", "cellar"), ("acme", "p2", "cellar"), ("acme", "p9", nil),
            ("acme", "p9", "cellar"), ("annex", nil, nil), ("annex", "p3", nil), ("annex", "p3", "shed"),
        ]
        return kinds.flatMap { kind, access in
            places.map { Told(kind: kind, access: access, organization: $0.0, panel: $0.1, door: $0.2) }
        }
    }()

    private static let asked: [Asked] = {
        let scopes: [JSON] = ["this", "recursive", ["p1"], ["p2"]]
        return scopes.flatMap { scope in
            let far = scope == "recursive" ? ["back", "shed"] : ["back"]
            return ([nil, ["lobby"], ["gate"], far] as [[String]?]).map { Asked(scope: scope, doors: $0) }
        }
    }()

    @Test func commitFeedAndReplayAgree() async throws {
        try await LiveGateway.with(Dialects.all) { client in
            try await setUp(client)
            var hooks: [(id: String, asked: Asked)] = []
            for asked in Self.asked { hooks.append((try await subscribe(asked, client), asked)) }
            let taken = try await post(client)
            #expect(taken.count > 50, "normal events at places that are not known are refused, and no others")
            for (id, asked) in hooks {
                let right = Set(taken.filter { asked.isOwed($0.told) }.map(\.event))
                #expect(try await owed(to: id, client) == right, "\(asked)")
            }
            for doors in [["lobby"], ["gate"], ["back", "shed"]] {
                let page = try await client.get(
                    "/v1/events?limit=500&kind=door.*,access.*&door=\(doors.joined(separator: ","))"
                ).json
                let found = (page["events"]?.items ?? []).compactMap { $0["gatehouseid"]?.text }
                #expect(found == taken.filter { Self.isAt(doors, $0.told) }.map(\.event), "\(doors)")
            }
            for asked in Self.asked { try await replay(asked, taken.filter { asked.isOwed($0.told) }, client) }
        }
    }

    private func setUp(_ client: LiveGateway.Client) async throws {
        try await client.make("/v1/organizations", ["id": "acme", "name": "Acme"])
        try await client.make("/v1/organizations", ["id": "annex", "name": "Annex", "parent": "acme"])
        for (panel, organization) in [("p1", "acme"), ("p2", "acme"), ("p3", "annex")] as [(JSON, JSON)] {
            try await client.make("/v1/panels", ["id": panel, "organization": organization, "name": "Panel"])
        }
        for (number, door) in Self.panels.keys.sorted().enumerated() {
            let panel = Self.panels[door] ?? ""
            try await client.make(
                "/v1/doors",
                ["id": .string(door), "panel": .string(panel), "number": .integer(number + 1), "name": "Door"])
        }
    }

    /// Held, so that nothing is dialled and everything owed can be counted.
    private func subscribe(_ asked: Asked, _ client: LiveGateway.Client) async throws -> String {
        var body: JSONObject = [
            "name": "hook", "dialect": "standard", "url": "http://127.0.0.1:9/in", "organization": "acme",
            "scope": asked.scope, "kinds": ["door.*", "access.*"],
        ]
        body["doors"] = asked.doors.map { .array($0.map { .string($0) }) }
        let id = try #require(try await client.make("/v1/subscriptions", .object(body))["id"]?.text)
        try #require(try await client.post("/v1/subscriptions/\(id)/pause", [:]).status == 200)
        return id
    }

    private func post(_ client: LiveGateway.Client) async throws -> [(told: Told, event: String)] {
        var taken: [(Told, String)] = []
        for (place, told) in Self.told.enumerated() {
            let answer = try await client.post("/v1/events", told.event(place))
            guard answer.status == 202 else {
                #expect(answer.status == 422 && !told.isUrgent, "\(told): \(answer.text)")
                continue
            }
            taken.append((told, try #require(answer.json["events"]?.items?.first?["event"]?.text)))
        }
        return taken
    }

    private func owed(to id: String, _ client: LiveGateway.Client) async throws -> Set<String> {
        let page = try await client.get("/v1/deliveries?limit=500&subscription=\(id)").json
        let events = (page["items"]?.items ?? []).compactMap { $0["event"]?.text }
        #expect(Set(events).count == events.count, "one delivery of each")
        return Set(events)
    }

    /// A replay to a subscription that was created after the events: first counted, then owed.
    private func replay(
        _ asked: Asked, _ right: [(told: Told, event: String)], _ client: LiveGateway.Client
    ) async throws {
        let id = try await subscribe(asked, client)
        let path = "/v1/subscriptions/\(id)/replay"
        let counted = try await client.post(path, ["since": "2020-01-01T00:00:00Z", "dryRun": true]).json
        #expect(counted["owed"] == .integer(right.count) && counted["complete"] == true, "\(asked)")
        try #require(try await client.post("/v1/subscriptions/\(id)/resume", [:]).status == 200)
        let begun = try await client.post(path, ["since": "2020-01-01T00:00:00Z"]).json
        let place = "/v1/subscriptions/\(id)/replays/\(begun["id"]?.text ?? "")"
        var state: JSON?
        for _ in 0..<1_500 where state != "finished" {
            try await Task.sleep(for: .milliseconds(20))
            state = try await client.get(place).json["state"]
        }
        #expect(state == "finished")
        #expect(try await owed(to: id, client) == Set(right.map(\.event)), "\(asked)")
    }
}
