import GatehouseCore
import Testing

/// The parts of an event about a person that are blanked, and the parts that are not.
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

    @Test(arguments: cases.indices) func onlyIdentifyingPartsAreErased(_ place: Int) throws {
        let (what, before, after) = Self.cases[place]
        let event = Self.event(before)
        #expect(event.isAbout("31"), "\(what)")
        let erased = try #require(event.erased("31"), "\(what)")
        #expect(JSON.object(erased.data) == after, "\(what): \(JSON.object(erased.data).compact)")
        #expect(erased.id == event.id && erased.sourceID == event.sourceID && erased.labels == event.labels)
        // A host is blanked as a whole, because vendors put any text there.
        #expect(erased.isAbout("31") == !what.contains("host"), "the id stays")
        #expect((erased.erased("31") ?? erased).data == erased.data, "a second call changes nothing")
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

    // MARK: Attributes beside the data

    private static func event(_ data: JSON, beside attributes: JSON) -> Event {
        var parts = event(data).parts
        parts.attributes = attributes.object ?? JSONObject()
        return Event(parts)
    }

    /// Each of the attributes that an event may have, with the person in it, beside data that names no person.
    @Test(
        arguments: [
            ["subject": "31"], ["subject": "persons/31"], ["subject": "urn:person:31"], ["subject": "user-31"],
            ["subject": "/people/31/badges"], ["subject": "person_id=31"], ["subject": "Ana <user:31>"],
            ["dataschema": "https://example.com/persons/31?x"], ["dataschema": "urn:user:31"],
            ["dataschema": "https://example.com/?personId=31&v=1"], ["tracestate": "a=b,userid=31"],
            ["traceparent": "user=31"], ["sequence": "person 31"],
            ["personid": "31"], ["personid": 31], ["cardholderid": "31"], ["hostids": "31"], ["person": "31"],
            ["user": 31], ["cardowner": "31"], ["link": "https://example.com/visitors/31"],
        ] as [JSON])
    func anEventIsFoundByAnyAttributeThatNamesThePerson(attributes: JSON) throws {
        let named = attributes.object?.members ?? []
        let kept: JSON = ["dataschema": "https://example.com/schema", "sampledrate": 31, "floor": "31"]
        let whole = JSONObject(named + (kept.object?.members ?? []).filter { attributes[$0.key] == nil })
        let event = Self.event(
            ["door": "lobby", "details": ["note": "Ana", "state": "open"]], beside: .object(whole))
        #expect(event.isAbout("31"))
        let erased = try #require(event.erased("31"))
        for member in named { #expect(erased.attributes[member.key] == nil, "\(member)") }
        #expect(erased.attributes["sampledrate"] == 31 || attributes["sampledrate"] != nil)
        #expect(JSON.object(erased.data) == ["door": "lobby", "details": ["state": "open"]])
        #expect(!erased.isAbout("31") && erased.erased("31") == nil, "nothing more is found")
        #expect(erased.id == event.id && erased.sourceID == event.sourceID && erased.labels == event.labels)
    }

    @Test(
        arguments: [
            ["subject": "310"], ["subject": "persons/31.7"],
            ["subject": "doors/31"], ["subject": "persons/31-7"],
            ["subject": "persons/a-31"],
            ["subject": "persons/7/31"], ["dataschema": "https://example.com/31"], ["sequence": "31"],
            ["sampledrate": 31], ["floor": "31"], ["site": "31"], ["users": "310"],
        ] as [JSON])
    func whatAttributesTellOfOthersIsLeftAlone(attributes: JSON) {
        let event = Self.event(["door": "lobby"], beside: attributes)
        #expect(!event.isAbout("31"))
        #expect(event.erased("31") == nil)
    }

    @Test func bareSubjectMeansTheThingWithTheSameID() {
        #expect(!Self.event(["door": "31"], beside: ["subject": "31"]).isAbout("31"))
        #expect(!Self.event(["panel": "31"], beside: ["subject": "31"]).isAbout("31"))
        #expect(Self.event(["door": "31"], beside: ["subject": "persons/31"]).isAbout("31"))
    }

    /// Attributes that no level withholds are blanked if they name the person, also by the name in the data.
    @Test func attributesLoseTheNamesInTheData() throws {
        let event = Self.event(
            ["person": Self.ana],
            beside: [
                "subject": "Ana", "employee": "Ana Reis", "dataschema": "https://example.com/ana/reis",
                "tracestate": "by=ANA", "traceparent": "00-31-01", "sequence": "Anabel", "sampledrate": 31,
            ])
        let erased = try #require(event.erased("31"))
        #expect(
            JSON.object(erased.attributes) == ["traceparent": "00-31-01", "sequence": "Anabel", "sampledrate": 31],
            "\(erased.attributes)")
    }

    @Test func personNamedBesideOthersIsBlankedAlone() throws {
        let event = Self.event(
            ["person": ["id": "8", "firstName": "Caio"], "details": ["note": "Caio"]], beside: ["subject": "user/31"])
        let erased = try #require(event.erased("31"))
        #expect(erased.data == event.data && erased.attributes.isEmpty)
    }

    /// The words of a name are found in any joined form, in the data and outside it.
    @Test(
        arguments: [
            "personId", "person_id", "person-id", "personid", "PersonID", "cardholder_id", "cardholderid", "hostIds",
            "hostids", "user", "cardHolder",
        ])
    func namesThatAreJoinedAreOneRule(name: String) throws {
        for id in ["31", 31] as [JSON] {
            let event = Self.event(["details": .object(JSONObject([.init(name, id), .init("cardholder_name", "Ana")]))])
            let erased = try #require(event.erased("31"), "\(name)")
            #expect(erased.data["details"]?["cardholder_name"] == nil)
        }
        // A text under a word for a person may be a name, and does not show that it is another's.
        let other = Self.event(["person": Self.ana, "details": ["user": "Ana", "note": "Ana"]])
        #expect(other.erased("31")?.data["details"] == .object(JSONObject()))
    }
}
