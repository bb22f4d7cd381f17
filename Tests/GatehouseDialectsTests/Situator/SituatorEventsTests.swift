internal import GatehouseCore
import Testing

@testable internal import GatehouseDialects

/// The table of types, compared with the seed's and our catalogue.
@Suite struct SituatorEventsTests {
    /// "All Event Types", in its order.
    private static let seed = [
        "access", "occurrence", "person", "scheduling", "visitorScheduling", "personCredencial", "personUnit",
        "personZones", "personAccess", "credential", "unit", "serverResource", "fingerprint", "imageAccesses",
        "personProfile", "zone", "vehicle", "personVehicle",
    ]

    @Test func typesAreThoseOfTheSeed() {
        #expect(SituatorEvents.types.map(\.name) == Self.seed)
        #expect(Set(SituatorEvents.table.rows.map(\.type.name)) == Set(Self.seed))
        #expect(SituatorEvents.table.rows.count == 33, "none was lost to a misspelled type")
    }

    @Test func everyKindOccursOnceNamedOrSilent() {
        let named = SituatorEvents.table.rows.map(\.kind)
        let silent = SituatorEvents.silent.flatMap(\.kinds)
        #expect(Set(named + silent) == Set(Kind.allCases))
        #expect(named.count + silent.count == Kind.allCases.count)
    }

    @Test func typesAreFoundInAnyCase() {
        for type in Self.seed {
            for spelling in [type, type.uppercased(), type.lowercased()] {
                #expect(SituatorEvents.table.row(spelled: spelling)?.name == type)
            }
        }
        #expect(SituatorEvents.table.row(spelled: "visitor") == nil)
    }

    @Test func everyOccurrenceKindHasOneRowAndOneID() {
        let kinds = SituatorEvents.table.rows.filter { $0.type.registration == .occurrence }.map(\.kind)
        #expect(Set(SituatorOccurrence.all.map(\.kind)) == Set(kinds))
        #expect(Set(SituatorOccurrence.all.map(\.id)).count == kinds.count)
        #expect(SituatorOccurrence.all.map(\.id).contains(11) && SituatorOccurrence.all.map(\.id).contains(12))
    }

    @Test(
        arguments: [
            (85, Kind.panicRaised), (26, .panicRaised), (34, .panicRaised), (91, .intercomTriggered), (53, .doorForced),
            (50, .doorPropped), (59, .deviceTampered), (60, .alarmRaised), (61, .alarmRaised), (62, .alarmRaised),
            (86, .alarmRaised), (87, .alarmRaised), (88, .alarmRaised), (1, .occurrenceRaised),
            (nil, .occurrenceRaised),
        ] as [(Int64?, Kind)])
    func vendorsNumbersHaveKinds(typeId: Int64?, kind: Kind) {
        #expect(SituatorOccurrence.kind(ofType: typeId) == kind)
        if let typeId, let row = SituatorOccurrence.all.first(where: { $0.typeId == typeId }) {
            #expect(row.kind == kind)
        }
    }
}
