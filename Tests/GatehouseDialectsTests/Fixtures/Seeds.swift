internal import Foundation
internal import GatehouseCore

@testable internal import DialectFixtures

/// The shipped events for every example that the contracts print.
enum Seeds {
    /// Each example by its name with its event, as the store returns it.
    static func all() throws -> [(name: String, event: Event)] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        return try lines.enumerated().map { place, line in
            let json = try JSONParser.parse(Array(line))
            guard let kind = json["type"]?.text.flatMap({ Kind(named: $0) }), let data = json["data"]?.object,
                let source = json["source"]?.text
            else { throw Unreadable(line: place + 1) }
            return (String(source.dropFirst("/seeds/".count)), event(kind, data, json, at: Int64(place + 1)))
        }
    }

    /// A line that is no event.
    struct Unreadable: Error {
        let line: Int
    }

    private static func event(_ kind: Kind, _ data: JSONObject, _ json: JSON, at position: Int64) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x019C_DC12_F5A0_7000, low: 0x8000_0000_0000_0000 | UInt64(position)), kind: kind,
            organization: Building.organization, received: Building.now)
        parts.source = json["source"]?.text ?? ""
        parts.sourceID = json["id"]?.text ?? ""
        parts.time = json["time"]?.text.flatMap { EventTime($0) } ?? EventTime(Building.now)
        parts.data = data
        parts.labels.panelName = "Panel Name"
        parts.labels.panelNumber = 1000
        parts.labels.doorName = data["door"] == nil ? nil : "Door Name"
        parts.labels.doorNumber = data["door"] == nil ? nil : 1
        parts.labels.isAttendancePoint = data["door"] == nil ? nil : false
        for subject in Numbers.Subject.allCases {
            parts.labels.numbers[subject] = data[subject.rawValue]?["id"]?.text.flatMap { Int64($0) }
        }
        parts.labels.numbers[.account] = 1000
        parts.labels.numbers.position = position
        return Event(parts)
    }
}
