internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A subscription is selected by the contents of its body: the reader of a request finds the requested values in it,
/// and reads it as an event that would be sent again.
@Suite struct SelectionConformanceTests {
    private static let levels = [0, 1, 2] as [JSON]

    @Test(arguments: Spoken.all)
    func bodyContainsTheValuesThatSelectedIt(_ spoken: Spoken) throws {
        var said = 0
        for level in Self.levels {
            let subscription = try spoken.subscription(["privacyLevel": level])
            for event in Self.events {
                let names = spoken.dialect.names(of: event, for: subscription)
                guard !names.isEmpty else { continue }
                said += 1
                let request = spoken.prepare(event, for: subscription)
                let word = Self.word(in: request, spoken)
                #expect(names.map(\.text) == [word], "\(event.kind) at \(level)")
                // A value that a level withholds may be necessary to read the body.
                guard level == 0 else { continue }
                let parsed = try spoken.dialect.parse(request.body, with: request.headers)
                let entry = spoken.dialect.vocabulary.entries[parsed.kind]
                #expect(entry.map { Self.names($0).contains(word) } ?? false, "\(parsed.kind) is called \(word)")
            }
        }
        #expect(said > 20)
    }

    /// Every kind with everything that it can carry, and with each value by which the contracts distinguish kinds.
    private static let events: [Event] = Kind.allCases.flatMap { kind -> [Event] in
        var events = [whole(kind, Canary.event(kind).data)]
        for form in ["card", "pin", "qr", "face", "plate", "other"] {
            events.append(varied(kind, .credential, "form", .string(form)))
        }
        for word in ["api", "call", "master_code", "remote_server", "shared", "button", "identifier"] {
            events.append(varied(kind, .access, "grantedBy", .string(word)))
        }
        for word in ["remote_server", "shared", "unlinked", "lost card"] {
            events.append(varied(kind, .access, "reason", .string(word)))
        }
        events.append(varied(kind, .details, "channel", "gui"))
        return events
    }

    private static func varied(_ kind: Kind, _ block: Block, _ field: String, _ value: JSON) -> Event {
        var data = Canary.event(kind).data
        guard Catalogue.row(of: kind).blocks.contains(block) || block == .details else { return whole(kind, data) }
        var object = data[block.rawValue]?.object ?? JSONObject()
        object[field] = value
        data[block.rawValue] = .object(object)
        return whole(kind, data)
    }

    /// An event with everything that a contract may require: every number, and the panel that reported a person.
    private static func whole(_ kind: Kind, _ data: JSONObject) -> Event {
        let event = Building.event(kind, data)
        var parts = Event.Parts(
            id: event.id, kind: kind, organization: event.organization, received: event.received)
        (parts.source, parts.sourceID, parts.time) = (event.source, event.sourceID, event.time)
        (parts.data, parts.labels) = (data, event.labels)
        for subject in Numbers.Subject.allCases { parts.labels.numbers[subject] = 31 }
        parts.labels.numbers.position = 5
        if kind.name.hasPrefix("person.") {
            var details = data["details"]?.object ?? JSONObject()
            details["panelId"] = "1070000"
            parts.data["details"] = .object(details)
        }
        return Event(parts)
    }

    private static func names(_ entry: Vocabulary.Entry) -> [String] {
        switch entry {
        case .named(let names): names.map(\.text)
        case .silent: []
        }
    }

    /// The vendor's name of the event, if the contract has it.
    private static func word(in request: PreparedRequest, _ spoken: Spoken) -> String {
        let body = (try? JSONParser.parse(request.body)) ?? .null
        return switch spoken.dialect.name.text {
        case "oneupvision": HTTPField.Name("X-ServiceHook-Event").flatMap { request.headers[$0] } ?? ""
        case "basip": body["event_type"]?.text ?? ""
        case "prodatakey": body["topic"]?.text ?? ""
        case "placeos": body["action"]?.text ?? ""
        case "acme-turnstiles": body["what"]?.text ?? ""
        default: body["type"]?.text ?? ""
        }
    }

    /// A webhook with one configured event gets only those occurrences.
    @Test func occurrenceIsSentToWebhooksThatRegisteredIt() throws {
        let spoken = Spoken(dialect: SituatorDialect())
        var told = 0
        for kind in [Kind.occurrenceRaised, .panicRaised, .doorForced, .alarmRaised] {
            for named: JSON in [.null, 11, 12, 13, 14, 15, 16, 17, 18, 42, "12", 0] {
                let event = Self.varied(kind, .occurrence, "eventId", named)
                for registered in SituatorOccurrence.all {
                    let subscription = try spoken.subscription(["settings": ["events": [.integer(registered.id)]]])
                    let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
                    let isSelected = !spoken.dialect.names(of: event, for: subscription).isEmpty
                    #expect(isSelected == (body["eventId"] == .integer(registered.id)), "\(kind) \(named)")
                    told += isSelected ? 1 : 0
                }
            }
        }
        #expect(told == 4 * 12, "each is told to those who registered one event, and to no others")
    }

    /// If the event names no door, the door in the body is the one by which the subscription is selected.
    @Test(arguments: Spoken.all)
    func bodyNamesOnlyChosenDoors(_ spoken: Spoken) throws {
        var directory = Building.directory
        let panel = Panel(id: PanelID("p2"), organization: Building.organization, name: "Panel", number: 8)
        directory.put(panel)
        directory.put(Door(id: DoorID("gate"), panel: panel, number: 4, name: "Gate"))
        var settings = spoken.settings
        if spoken.dialect is SituatorDialect { settings["doors"] = [["door": "gate"], ["door": "lobby"]] }
        var told = 0
        for kind in [Kind.accessGranted, .accessDuress, .doorForced, .deviceTampered] {
            var random = SeededRandom(seed: 7)
            let data: JSONObject = ["panel": "p2", "person": ["id": "31"]]
            let blocks = Catalogue.row(of: kind).blocks
            let event = AdmittedEvent.own(
                kind, of: Building.organization,
                data: JSONObject(data.members.filter { Block(rawValue: $0.key).map(blocks.contains) ?? false }),
                in: directory, at: Building.now, using: &random
            ).event
            for (doors, isChosen) in [(["gate"], true), (["lobby"], false)] as [([JSON], Bool)] {
                var terms = try spoken.terms(["settings": .object(settings)])
                terms.doors = doors.compactMap { $0.text.map { DoorID($0) } }
                let hook = spoken.subscription(on: terms)
                var index = SubscriptionIndex()
                index.put(hook)
                let table = DialectTable([spoken.dialect])
                let matched = index.match(event, lineage: [Building.organization], dialects: table)
                #expect(isChosen || matched.owed.isEmpty && matched.unsayable.isEmpty, "\(kind) to \(doors)")
                guard !matched.owed.isEmpty else { continue }
                let body = try JSONParser.parse(spoken.prepare(event, for: hook).body)
                let named = [body["door_id"], body["doorId"], body["body"]?["doorId"]].compactMap { $0 }
                #expect(named.allSatisfy { $0 == "gate" || $0 == 4 }, "\(body.compact)")
                told += 1
            }
        }
        #expect(told > 0 || spoken.dialect is OneUpVisionDialect)
    }

    /// A webhook gets a door's events by the numbers in the body, in every way of registering the door.
    @Test func passageIsSentToWebhooksThatRegisteredItsDoor() throws {
        let spoken = Spoken(dialect: SituatorDialect())
        let event = Canary.event(.accessGranted)
        for (door, isTold): (JSON, Bool) in [
            (["serverId": 7, "doorId": 3], true), (["serverId": 7, "doorId": 4], false),
            (["serverId": 8, "doorId": 3], false), (["door": "lobby"], true), (["door": "garage"], false),
            (["serverId": 9, "doorId": 9, "door": "lobby"], true),
        ] {
            let subscription = try spoken.subscription(["settings": ["doors": [door]]])
            #expect(spoken.dialect.names(of: event, for: subscription).isEmpty != isTold, "\(door.compact)")
            let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
            #expect(body["serverId"] == 7 && body["doorId"] == 3)
        }
    }
}
