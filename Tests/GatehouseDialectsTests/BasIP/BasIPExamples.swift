internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting

@testable internal import DialectFixtures

/// Our shipped events for the contract's 41 names, because its page prints no bodies.
enum BasIPExamples {
    /// Each name with its event, in the order of the seed, in the form in which the store returns it.
    static func all() throws -> [(name: String, event: Event)] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        let prefix = "/seeds/basip/"
        var events: [(name: String, event: Event)] = []
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let json = try JSONParser.parse(Array(line))
            guard let source = json["source"]?.text, source.hasPrefix(prefix),
                let kind = json["type"]?.text.flatMap({ Kind(named: $0) }), let data = json["data"]?.object
            else { continue }
            events.append((String(source.dropFirst(prefix.count)), event(kind, data, number: Int64(events.count + 1))))
        }
        return events
    }

    /// An event at the lock 1, with its place in the store.
    static func event(_ kind: Kind, _ data: JSONObject, number: Int64 = 45) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x019C_DC12_F5A0_7000, low: 0x8000_0000_0000_0000 | UInt64(number)), kind: kind,
            organization: Building.organization, received: Building.now)
        parts.source = "/panels/basip"
        parts.sourceID = "evt-\(number)"
        parts.time = EventTime(Instant(microseconds: 1_745_947_873_611_000))
        parts.data = data
        parts.labels.doorNumber = data["door"] == nil ? nil : 1
        parts.labels.numbers.position = number
        return Event(parts)
    }

    /// A person at a door with a card.
    static let badge: JSONObject = [
        "panel": "basip", "door": "basip:1",
        "person": ["id": "31", "firstName": "Ana", "lastName": "Reis", "apartment": "12"],
        "credential": ["form": "card", "number": "0011223344"],
        "access": ["direction": "entry", "method": "card", "grantedBy": "identifier", "authorized": true],
        "details": ["category": "access", "priority": "low"],
    ]
}
