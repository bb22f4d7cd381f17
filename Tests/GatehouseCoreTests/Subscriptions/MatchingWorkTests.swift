import GatehouseCore
import Testing

/// Which subscriptions an event examines. The numbers are counts and no times, so that they are the same on each
/// machine.
@Suite struct MatchingWorkTests {
    private static let many = 10_000
    private static let (top, own) = (OrganizationID("top"), OrganizationID("own"))

    @Test func thousandsThatWantOtherKindsAreNotExamined() {
        let others = Kind.allCases.filter { $0 != .doorOpened }
        #expect(Self.examined { number, terms in terms.kinds = [others[number % others.count].name] } == 1)
    }

    @Test func thousandsOfDifferentSetsOfKindsAreNotExamined() {
        let others = Kind.allCases.filter { $0 != .doorOpened }.map(\.name)
        let examined = Self.examined(of: 1000) { number, terms in
            terms.kinds = [others[number % 30], others[30 + number / 30], others[90]]
        }
        #expect(examined == 1)
    }

    @Test func thousandsThatWantOtherDoorsAreNotExamined() {
        #expect(Self.examined { number, terms in terms.doors = [DoorID("other-\(number)")] } == 1)
    }

    @Test func thousandsOfOtherPanelsAreNotExamined() {
        let examined = Self.examined(of: 1000) { number, terms in
            terms.scope = .panels([PanelID("other-\(number)")])
        }
        #expect(examined == 1)
    }

    @Test func thousandsOfTheOrganizationAboveAreNotExamined() {
        #expect(Self.examined(of: 1000, in: Self.top) { _, terms in terms.scope = .this } == 1)
    }

    @Test func thousandsThatAreInactiveAreNotExamined() {
        #expect(Self.examined(of: 1000) { _, terms in terms.isActive = false } == 1)
    }

    /// An alarm that may have happened at any door examines them, because it is owed to them.
    @Test func alarmWithoutADoorIsOwedToEachOfTheDoors() {
        let examined = Self.examined(of: 100, by: Self.event(.doorForced, at: nil)) { number, terms in
            terms.doors = [DoorID("other-\(number)")]
        }
        #expect(examined == 101)
    }

    /// How many subscriptions an event examines beside one that it is owed to.
    private static func examined(
        of count: Int = many, in organization: OrganizationID = own, by event: Event = event(.doorOpened, at: "lobby"),
        _ change: (Int, inout Terms) -> Void
    ) -> Int {
        var index = SubscriptionIndex()
        for number in 0..<count {
            var terms = MatchingTests.terms(number)
            change(number, &terms)
            index.put(MatchingTests.subscription(terms, of: organization))
        }
        var terms = MatchingTests.terms(count)
        (terms.kinds, terms.doors) = ([event.kind.name], [DoorID("lobby")])
        let wanted = MatchingTests.subscription(terms, of: own)
        index.put(wanted)
        let examined = index.candidates(for: event, lineage: [own, top])
        #expect(examined.contains { $0.id == wanted.id })
        return examined.count
    }

    private static func event(_ kind: Kind, at door: String?) -> Event {
        var random = SeededRandom(seed: 3)
        let id = EventID(at: Instant(seconds: 1), using: &random)
        var parts = Event.Parts(id: id, kind: kind, organization: own, received: Instant(seconds: 1))
        parts.data["panel"] = "hall"
        if let door { (parts.data["door"], parts.labels.doorNumber) = (.string(door), 1) }
        return Event(parts)
    }
}
