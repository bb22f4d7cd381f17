import GatehouseControl
import GatehouseCore
import Testing

/// What leaves of an event that was read before its person was erased.
@Suite struct RecentErasuresTests {
    private static func event(_ data: JSON) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 2), kind: .accessGranted, organization: OrganizationID("acme"),
            received: Instant(seconds: 1_773_216_930))
        (parts.source, parts.sourceID) = ("/panels/1", "e1")
        parts.data = data.object ?? JSONObject()
        parts.labels.doorName = "Lobby"
        parts.labels.numbers.position = 7
        return Event(parts)
    }

    private static let ana: JSON = [
        "id": "31", "firstName": "Ana", "lastName": "Reis", "email": "ana@example.com", "phone": "5551",
    ]

    @Test func recentErasuresBlankWhatWasThereAndNothingLater() {
        let recent = RecentErasures()
        let event = Self.event(["person": Self.ana])
        func erasure(upTo: Int64, of organization: String = "acme", dry: Bool = false) -> Erasure {
            let wish = Erasure.Wish(
                person: "31", organization: OrganizationID(organization), organizations: [OrganizationID(organization)],
                isDryRun: dry)
            return Erasure(
                number: upTo, wish: wish, begun: event.received, upTo: EventPosition(upTo),
                reached: EventPosition(0), events: 0, ended: nil)
        }
        for erasure in [erasure(upTo: 6), erasure(upTo: 8, of: "other"), erasure(upTo: 9, dry: true)] {
            recent.note(erasure)
            #expect(recent.present(event) === event && !recent.concerns(event))
        }
        recent.note(erasure(upTo: 7))
        #expect(recent.concerns(event))
        #expect(JSON.object(recent.present(event).data) == ["person": ["id": "31"]])
    }
}
