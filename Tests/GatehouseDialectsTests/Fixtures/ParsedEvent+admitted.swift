internal import GatehouseCore

@testable internal import DialectFixtures

extension ParsedEvent {
    /// The event without additions.
    func admitted() -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x019C_DC12_F5A0_7000, low: 0x8000_0000_0000_0001), kind: kind,
            organization: Building.organization, received: Building.now)
        parts.source = "/elsewhere"
        parts.sourceID = sourceID ?? "none"
        parts.time = time?.time ?? EventTime(Building.now)
        parts.data = data
        parts.labels = labels
        parts.original = original
        return Event(parts)
    }
}
