internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// One fact has one answer in every contract: whether access was granted, and whether under duress.
@Suite struct OneFactTests {
    private static let kinds = Catalogue.rows.filter { $0.teller != .gateway && $0.blocks.contains(.access) }
        .map(\.kind)

    /// Every kind of passage with every accepted way of reporting the two facts.
    private static let events: [Event] = kinds.flatMap { kind in
        ([nil, true, false] as [Bool?]).flatMap { authorized in
            ([nil, true, false] as [Bool?]).compactMap { duress in admitted(kind, authorized, duress) }
        }
    }

    private static func admitted(_ kind: Kind, _ authorized: Bool?, _ duress: Bool?) -> Event? {
        var access = JSONObject()
        access["authorized"] = authorized.map { .bool($0) }
        access["duress"] = duress.map { .bool($0) }
        var random = SeededRandom(seed: 7)
        let draft: JSON = [
            "specversion": "1.0", "id": "1", "source": "/panels/1070000", "type": .string(kind.name),
            "data": ["door": "lobby", "access": .object(access)],
        ]
        return try? Admission(
            directory: Building.directory, caller: .init(of: Building.organization, role: .source), now: Building.now
        ).admit(draft, using: &random).event
    }

    /// The two facts in a body; nil if the contract has no word for it.
    private func said(_ body: [UInt8], in dialect: String) throws -> (authorized: Bool?, duress: Bool?) {
        let json = try JSONParser.parse(body)
        switch dialect {
        case "standard": return (json["data"]?["access"]?["authorized"]?.bool, nil)
        case "situator": return (json["authorized"]?.bool, json["duress"]?.bool)
        case "prodatakey":
            switch json["topic"]?.text {
            case "door.request.allowed", "door.request.multiallowed", "door.input.rex.on": return (true, false)
            case "door.request.denied", "door.request.unknown": return (false, false)
            case "door.request.duress": return (nil, true)
            default: return (nil, false)
            }
        case "placeos":
            switch json["action"]?.text {
            case "granted", "request_to_exit": return (true, nil)
            case "denied": return (false, nil)
            case "duress": return (nil, true)
            default: return (nil, nil)
            }
        case "basip":
            let name = json["event_type"]?.text ?? ""
            return (name.contains("granted") || name.contains("exit_btn"), nil)
        default: return (nil, nil)
        }
    }

    @Test(arguments: Spoken.all)
    func everyContractGivesTheSameAnswer(_ spoken: Spoken) throws {
        #expect(Self.events.count == 9 * 9 - 12, "all but the normal ones that contradict themselves")
        let name = spoken.dialect.name.text
        let hooks =
            [try spoken.subscription()]
            + (name == "placeos" ? [try spoken.subscription(["settings": ["extendedActions": true]])] : [])
        for hook in hooks {
            for event in Self.events where !spoken.dialect.names(of: event, for: hook).isEmpty {
                let said = try said(spoken.prepare(event, for: hook).body, in: name)
                if let authorized = said.authorized {
                    #expect(authorized == event.isAuthorized, "\(event.kind) \(event.data.members)")
                }
                if let duress = said.duress {
                    #expect(duress == event.isUnderDuress, "\(event.kind) \(event.data.members)")
                }
            }
        }
    }

    @Test(arguments: Spoken.all)
    func subscriptionToTheAlarmGetsEveryPassageUnderDuress(_ spoken: Spoken) throws {
        guard spoken.dialect.vocabulary.sayable.contains(.accessDuress) else { return }
        var more: JSONObject = ["kinds": ["access.duress"]]
        if spoken.dialect.name.text == "prodatakey" { more["settings"] = ["events": ["door.request.duress"]] }
        let hook = try spoken.subscription(more)
        for event in Self.events where event.isUnderDuress || event.kind == .accessGranted {
            #expect(isOwed(event, to: hook, spoken) == event.isUnderDuress, "\(event.kind) \(event.data.members)")
            #expect(event.lane == (event.isUnderDuress ? .urgent : .normal))
            guard event.isUnderDuress else { continue }
            #expect(!spoken.prepare(event, for: hook).body.isEmpty)
        }
    }

    @Test(arguments: Spoken.all)
    func subscriptionToTheKindStillGetsIt(_ spoken: Spoken) throws {
        for event in Self.events where event.isUnderDuress {
            guard case .named(let names) = spoken.dialect.vocabulary.entries[event.kind] else { continue }
            var more: JSONObject = ["kinds": [.string(event.kind.name)]]
            if spoken.dialect.name.text == "prodatakey" {
                more["settings"] = ["events": .array(names.map { .string($0.text) })]
            }
            // A passage is a punch only at attendance points.
            if spoken.dialect.name.text == "oneupvision" { continue }
            #expect(isOwed(event, to: try spoken.subscription(more), spoken), "\(event.kind)")
        }
    }

    private func isOwed(_ event: Event, to hook: Subscription, _ spoken: Spoken) -> Bool {
        var index = SubscriptionIndex()
        index.put(hook)
        let table = DialectTable([spoken.dialect])
        return !index.owed(event, lineage: [Building.organization], dialects: table).isEmpty
    }

    private func hook(_ spoken: Spoken) throws -> Subscription { try spoken.subscription() }

    /// An alarm from a door that is not in the directory is delivered unless its panel is excluded by name, or the
    /// contract requires an unknown value; then that is reported.
    @Test(arguments: Spoken.all)
    func alarmFromAnUnknownDoorIsSent(_ spoken: Spoken) throws {
        for row in Catalogue.rows where row.lane == .urgent && row.teller == .source {
            var random = SeededRandom(seed: 7)
            let draft: JSON = [
                "specversion": "1.0", "id": "1", "source": "s", "type": .string(row.name),
                "data": ["panel": "p9", "door": "cellar"],
            ]
            let event = try Admission(
                directory: Building.directory, caller: .init(of: Building.organization, role: .source),
                now: Building.now
            ).admit(draft, using: &random).event
            #expect(event.flag == .unknownPanel)
            guard case .named = spoken.dialect.vocabulary.entries[row.kind] else { continue }
            for scope: JSON in ["recursive", "this"] {
                let hook = try spoken.subscription(["scope": scope])
                switch spoken.dialect.owing(of: event, for: hook) {
                case .names: #expect(!spoken.prepare(event, for: hook).body.isEmpty)
                case .unsayable(let keys): #expect(!keys.isEmpty, "a contract that requires a number says so")
                case .nothing: Issue.record("\(row.name) is lost without a word")
                }
            }
            #expect(!isOwed(event, to: try spoken.subscription(["scope": ["1070000"]]), spoken), "another panel's")
            let byDoor = try spoken.subscription(["doors": ["lobby"]])
            #expect(
                spoken.dialect.owing(of: event, for: byDoor) == spoken.dialect.owing(of: event, for: try hook(spoken)))
            let isTold = !spoken.dialect.names(of: event, for: byDoor).isEmpty
            #expect(isOwed(event, to: byDoor, spoken) == isTold, "no door has that id, so none is excluded by it")
        }
    }
}
