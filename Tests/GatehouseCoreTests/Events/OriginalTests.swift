import Testing

@testable import GatehouseCore

/// A vendor's own spellings: kept with the event, out of reporters' reach, and withheld by their names.
@Suite struct OriginalTests {
    private static let spellings = JSONObject([
        .init("timestamp", "2022-03-10 14:04"), .init("cardNumber", "4711"), .init("firstName", "Ana"),
    ])

    private static func event(_ original: JSONObject) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 1), kind: .personCreated, organization: OrganizationID("acme"),
            received: Instant(seconds: 1))
        parts.data = JSONObject([.init("person", .object(JSONObject([.init("id", "31")])))])
        parts.original = original
        return Event(parts)
    }

    @Test func spellingsAreStoredWithTheEvent() throws {
        let event = Self.event(Self.spellings)
        #expect(Event(stored: event.stored)?.original == Self.spellings)
        var numbers = Numbers()
        numbers.position = 7
        #expect(event.numbered(numbers).original == Self.spellings)
        #expect(Event(stored: event.numbered(numbers).stored)?.original == Self.spellings)
        let plain = Self.event(JSONObject())
        #expect(!String(decoding: plain.stored, as: UTF8.self).contains("original"))
        #expect(Event(stored: plain.stored)?.original.isEmpty == true)
    }

    @Test func spellingIsWithheldByItsName() {
        let event = Self.event(Self.spellings)
        #expect(event.original(at: .everything) == Self.spellings)
        #expect(event.original(at: .noCredentials).members.map(\.key) == ["timestamp", "firstName"])
        #expect(event.original(at: .noPersons).members.map(\.key) == ["timestamp"])
        let none = Self.event(JSONObject([.init("timestamp", "noon")]))
        #expect(none.original(at: .noCredentials).members.count == 1 && none.original(at: .noPersons).isEmpty)
        #expect(event.erased("31")?.original.members.map(\.key) == ["timestamp"])
    }

    @Test func cloudEventNeverHasSpellings() throws {
        #expect(!Self.event(Self.spellings).cloudEvent(at: .everything).compact.contains("2022-03-10 14:04"))
    }
}
