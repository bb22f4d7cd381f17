import GatehouseCore
import Testing

/// What is blanked of an event that speaks of a person, and what is not.
@Suite struct ErasedEventTests {
    private static func event(_ data: JSON, kind: Kind = .accessGranted) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 2), kind: kind, organization: OrganizationID("acme"),
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

    private static let cases: [(what: String, before: JSON, after: JSON)] = [
        (
            "a passage",
            [
                "panel": "p", "door": "lobby", "person": ana,
                "credential": ["id": "c1", "form": "card", "number": "9"],
                "access": ["direction": "entry", "authorized": true, "reason": "Ana forgot her card"],
                "vehicle": ["id": "v1", "plate": "AB-12", "color": "red"], "details": ["note": "Ana", "state": "open"],
            ],
            [
                "panel": "p", "door": "lobby", "person": ["id": "31"], "credential": ["id": "c1", "form": "card"],
                "access": ["direction": "entry", "authorized": true], "vehicle": ["id": "v1", "color": "red"],
                "details": ["state": "open"],
            ]
        ),
        (
            "a visitor, let in by another user",
            ["visitor": ana, "user": ["id": "7", "firstName": "Bia"], "clientInfo": ["ipAddress": "::1"]],
            ["visitor": ["id": "31"], "user": ["id": "7", "firstName": "Bia"], "clientInfo": ["ipAddress": "::1"]]
        ),
        (
            "a user who did something to another person",
            [
                "person": ["id": "8", "firstName": "Caio"], "user": ana, "clientInfo": ["ipAddress": "::1"],
                "credential": ["number": "88"],
            ],
            [
                "person": ["id": "8", "firstName": "Caio"], "user": ["id": "31"], "clientInfo": [:],
                "credential": ["number": "88"],
            ]
        ),
        (
            "a user who did something to a thing",
            [
                "panel": "p", "user": ana, "clientInfo": ["ipAddress": "::1"],
                "details": ["name": "Ana's panel", "id": "x"],
            ],
            ["panel": "p", "user": ["id": "31"], "clientInfo": [:], "details": ["id": "x"]]
        ),
        (
            "the host of a visit",
            [
                "visit": ["id": 5, "purpose": "lunch with Ana", "host": ["id": 31, "name": "Ana"]],
                "visitor": ["id": "9", "name": "Eva"],
            ],
            ["visit": ["id": 5], "visitor": ["id": "9", "name": "Eva"]]
        ),
        (
            "a grant, by the id in it",
            [
                "permission": ["userId": "31", "email": "ana@example.com", "role": "manager"],
                "user": ["id": "7", "firstName": "Bia"],
            ],
            ["permission": ["userId": "31", "role": "manager"], "user": ["id": "7", "firstName": "Bia"]]
        ),
        (
            "a day's attendance, far down",
            [
                "punch": ["id": 1, "attendance": ["person_id": 31, "nickname": "Aninha"]],
                "details": ["nickname": "Aninha"],
            ],
            ["punch": ["id": 1, "attendance": ["person_id": 31]], "details": [:]]
        ),
        (
            "a resource that is a person",
            ["resource": ["id": 31, "type": "Person", "name": "Ana Reis"]], ["resource": ["id": 31, "type": "Person"]]
        ),
    ]

    @Test(arguments: cases.indices) func onlyWhatIdentifiesThePersonGoes(_ place: Int) throws {
        let (what, before, after) = Self.cases[place]
        let event = Self.event(before)
        #expect(event.isAbout("31"), "\(what)")
        let erased = try #require(event.erased("31"), "\(what)")
        #expect(JSON.object(erased.data) == after, "\(what): \(JSON.object(erased.data).compact)")
        #expect(erased.id == event.id && erased.sourceID == event.sourceID && erased.labels == event.labels)
        // A host goes as a whole, since vendors put whatever they like there.
        #expect(erased.isAbout("31") == !what.contains("host"), "the id stays")
        #expect((erased.erased("31") ?? erased).data == erased.data, "twice is once")
    }

    @Test(
        arguments: [
            ["person": ["id": "310", "firstName": "Ana"]], ["details": ["id": "31", "note": "31"]], ["door": "31"],
            ["credential": ["id": "31", "number": "31"]], ["resource": ["id": "31", "type": "door"]], [:],
        ] as [JSON])
    func whatIsNotAboutThePersonIsLeftAlone(data: JSON) {
        #expect(!Self.event(data).isAbout("31"))
        #expect(Self.event(data).erased("31") == nil)
    }

    @Test func theBookBlanksWhatWasThereAndNothingLater() {
        let book = ErasureBook()
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
            book.note(erasure)
            #expect(book.present(event) === event && !book.concerns(event))
        }
        book.note(erasure(upTo: 7))
        #expect(book.concerns(event))
        #expect(JSON.object(book.present(event).data) == ["person": ["id": "31"]])
    }
}
