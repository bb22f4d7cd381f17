import GatehouseCore
import Testing

/// Bytes decide: two spellings that Unicode calls equivalent are two texts wherever a caller's text is compared.
@Suite struct ExactTextTests {
    /// Pairs that `String` finds equal.
    static let pairs = [
        ("caf\u{e9}", "cafe\u{301}"), ("K", "\u{212A}"), ("\u{c5}", "\u{212B}"), ("a;", "a\u{37E}"),
        ("q\u{323}\u{307}", "q\u{307}\u{323}"),
    ]

    /// Every type that names something by a text.
    private static let kinds: [(name: String, made: @Sendable (String) -> AnyHashable)] = [
        ("identifier", { AnyHashable(OrganizationID($0)) }), ("door", { AnyHashable(DoorID($0)) }),
        ("place", { AnyHashable(Directory.Place(OrganizationID("acme"), PanelID($0))) }),
        ("dialect", { AnyHashable(DialectName($0)) }), ("vendor's name", { AnyHashable(VendorName($0)) }),
        ("secret", { AnyHashable(Secret($0)) }), ("header", { AnyHashable(Terms.Header("x", $0)) }),
        ("number", { AnyHashable(Numbers.Name(OrganizationID("acme"), .person, $0)) }),
        ("JSON text", { AnyHashable(JSON.string($0)) }), ("JSON key", { AnyHashable(JSONObject([.init($0, 1)])) }),
        ("JSON array", { AnyHashable(JSON.array([.string($0)])) }), ("text", { AnyHashable(ExactText($0)) }),
        (
            "organization",
            { AnyHashable(Organization(id: OrganizationID("acme"), name: $0, parent: nil)) }
        ),
        (
            "erasure",
            {
                AnyHashable(
                    Erasure.Wish(
                        person: $0, organization: OrganizationID("acme"), organizations: [], isDryRun: false))
            }
        ),
    ]

    @Test(arguments: pairs)
    func everyNameIsComparedByItsBytes(left: String, right: String) {
        #expect(left == right, "equal to String")
        #expect(!left.hasBytes(of: right))
        for kind in Self.kinds {
            #expect(kind.made(left) != kind.made(right), "\(kind.name)")
            #expect(kind.made(left) == kind.made(left), "\(kind.name)")
            #expect(Set([kind.made(left), kind.made(right), kind.made(right)]).count == 2, "\(kind.name)")
        }
    }

    @Test(arguments: pairs)
    func aJSONObjectHasBothKeys(left: String, right: String) throws {
        let small = #"{"\#(left)":1,"\#(right)":2}"#
        let object = try #require(try JSONParser.parse(Array(small.utf8)).object)
        #expect(object[left] == 1 && object[right] == 2)
        #expect(JSON.object(object).compact == small)
        let many = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let large = #"{\#(many),"\#(left)":1,"\#(right)":2}"#
        #expect(try JSONParser.parse(Array(large.utf8))[right] == 2)
        #expect(throws: JSONParser.ParseError.self) {
            try JSONParser.parse(Array(#"{\#(many),"\#(left)":1,"\#(left)":2}"#.utf8))
        }
    }

    @Test(arguments: pairs)
    func aJSONObjectSetsTheKeyOfItsBytes(left: String, right: String) {
        var object = JSONObject([.init(left, 1)])
        object[right] = 2
        #expect(object.members.map(\.value) == [1, 2])
        object[left] = nil
        #expect(object[right] == 2 && object.members.count == 1)
    }

    @Test(arguments: pairs)
    func erasureComparesThePersonByBytes(left: String, right: String) {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 2), kind: .accessGranted, organization: OrganizationID("acme"),
            received: Instant(seconds: 1_773_216_930))
        parts.data = JSONObject([.init("person", ["id": .string(left), "firstName": "Ana"])])
        #expect(Event(parts).isAbout(left) && !Event(parts).isAbout(right))
        #expect(Event(parts).erased(left) != nil && Event(parts).erased(right) == nil)
    }
}
