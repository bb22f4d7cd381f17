import Foundation
import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``EventStore`` about erasures, tested with every store.
@Suite struct ErasureConformanceTests {
    private static let acme = OrganizationID("acme")
    private static let north = OrganizationID("north")

    private static func wish(_ person: String = "31", dry: Bool = false) -> Erasure.Wish {
        Erasure.Wish(person: person, organization: acme, organizations: [acme, north], isDryRun: dry)
    }

    /// An event of a person with a name in it.
    private static func event(_ id: String, of person: String = "31", in organization: String = "acme") -> Event {
        let plain = Sample.event(id, kind: .accessGranted, organization: organization)
        var parts = Event.Parts(
            id: plain.id, kind: plain.kind, organization: plain.organization, received: plain.received)
        (parts.source, parts.sourceID, parts.labels) = (plain.source, plain.sourceID, plain.labels)
        parts.data = ["door": "d1", "person": ["id": .string(person), "firstName": .string("Ana \(id)")]]
        return Event(parts)
    }

    private static func append(_ events: [Event], in scene: Scene, leased: Bool = false) async throws -> [Appended] {
        try await scene.store.append(
            events.map { Sample.entry($0, owed: [.init(Scene.s1, isBornLeased: leased)]) }, by: scene.me)
    }

    /// Carries out an erasure, and returns the number of its slices.
    @discardableResult
    private static func finish(_ erasure: Erasure, in store: any Store) async throws -> Int {
        var slices = 0
        var present = erasure
        while present.ended == nil {
            present = try #require(try await store.advance(erasure.number, at: Scene.start))
            slices += 1
            try #require(slices < 100)
        }
        return slices
    }

    private static func names(_ scene: Scene) async throws -> [String?] {
        try await scene.store.feed(FeedFilter(limit: 500)).events.map { $0.event.data["person"]?["firstName"]?.text }
    }

    @Test(arguments: StoreOpener.all)
    func everyEventOfThePersonIsErasedAndStillRecognized(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let mine = (0..<120).map { Self.event("\($0)", in: $0.isMultiple(of: 2) ? "acme" : "north") }
            let others = [Self.event("b", of: "310"), Self.event("c", in: "globex")]
            let appended = try await Self.append(mine + others, in: scene)
            let erasure = try await store.begin(
                Self.wish(), at: Scene.start, audited: AuditConformanceTests.entry("31"))
            #expect(erasure.upTo == EventPosition(122) && erasure.ended == nil)
            #expect(try await store.begin(Self.wish(), at: Scene.start, audited: nil).number == erasure.number)
            #expect(try await store.erasures().map(\.number) == [erasure.number])
            let later = try await Self.append([Self.event("late")], in: scene)
            #expect(try await Self.finish(erasure, in: store) >= 3)
            let names = try await Self.names(scene)
            #expect(names.count == 123 && names.prefix(120).allSatisfy { $0 == nil })
            #expect(names.suffix(3) == ["Ana b", "Ana c", "Ana late"])
            let ended = try #require(try await store.erasure(of: "31", in: Self.acme))
            #expect(ended.events == 120 && ended.ended == Scene.start && ended.wish == Self.wish())
            #expect(try await store.erasures().isEmpty)
            #expect(try await store.advance(erasure.number, at: Scene.start) == ended, "a second call changes nothing")
            #expect(try await store.audit(AuditFilter(limit: 9)).map(\.entry.id) == ["31"])

            let again = try await Self.append([mine[5]], in: scene)[0]
            #expect(again.isDuplicate && again.event == appended[5].event)
            let blanked = try #require(try await store.event(appended[5].event))
            #expect(blanked.data == ["door": "d1", "person": ["id": "31"]] && blanked.labels.doorName != nil)
            #expect(blanked.labels.numbers[.person] == 31)
            let claim = try await scene.claim(limit: 500)
            #expect(claim.deliveries.count == 123, "every owed delivery is still owed")
            #expect(claim.deliveries.count { $0.event?.data["person"]?["firstName"] != nil } == 3)
            #expect(later[0].position == EventPosition(123))
        }
    }

    /// Events that name the person only outside the data.
    @Test(
        arguments: StoreOpener.all,
        [("31", ["subject": "persons/31"]), ("31", ["personid": 31]), ("a\"b", ["dataschema": "urn:user:a\"b"])]
            as [(String, JSON)])
    func eventsAreFoundByTheirAttributes(_ opener: StoreOpener, _ named: (person: String, attributes: JSON))
        async throws
    {
        try await withScene(opener) { scene in
            var parts = Self.event("a", of: "8").parts
            parts.data = ["details": ["note": "Ana"]]
            parts.attributes = named.attributes.object ?? JSONObject()
            _ = try await Self.append([Event(parts), Self.event("b", of: "8")], in: scene)
            let wish = try await scene.store.begin(Self.wish(named.person), at: Scene.start, audited: nil)
            try await Self.finish(wish, in: scene.store)
            #expect(try await scene.store.erasure(of: named.person, in: Self.acme)?.events == 1)
            let events = try await scene.store.feed(FeedFilter(limit: 9)).events.map(\.event)
            #expect(events[0].attributes.isEmpty && events[0].data == ["details": [:]])
            #expect(events[1].data["person"]?["firstName"] == "Ana b")
        }
    }

    @Test(arguments: StoreOpener.all)
    func answersOfReceiversAreErasedToo(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let answer = Outcome.answered(.init(status: 200, retryAfter: "5", excerpt: Array("hello Ana".utf8)))
            var deliveries: [DeliveryID] = []
            for event in [Self.event("a"), Self.event("b", of: "8")] {
                deliveries += try await Self.append([event], in: scene, leased: true)[0].deliveries
            }
            for id in deliveries {
                try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1, answer))
            }
            try await Self.finish(
                try await scene.store.begin(Self.wish(), at: Scene.start, audited: nil), in: scene.store)
            let attempts = try #require(try await scene.store.delivery(deliveries[0])).attempts
            #expect(attempts.map(\.outcome) == [.answered(.init(status: 200, retryAfter: "5"))])
            #expect(try #require(try await scene.store.delivery(deliveries[1])).attempts.map(\.outcome) == [answer])
        }
    }

    @Test(arguments: StoreOpener.all)
    func dryRunOnlyCounts(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await Self.append([Self.event("a"), Self.event("b"), Self.event("c", of: "3")], in: scene)
            let counted = try await scene.store.begin(Self.wish(dry: true), at: Scene.start, audited: nil)
            #expect(try await scene.store.begin(Self.wish(), at: Scene.start, audited: nil).number > counted.number)
            try await Self.finish(counted, in: scene.store)
            #expect(try await scene.store.advance(counted.number, at: Scene.start)?.events == 2)
            #expect(try await Self.names(scene) == ["Ana a", "Ana b", "Ana c"])
            #expect(try await scene.store.advance(99, at: Scene.start) == nil)
            #expect(try await scene.store.erasure(of: "31", in: OrganizationID("globex")) == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func commandsOfThePersonLoseTheName(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for asker in ["31", "8"] {
                let command = DoorCommand(
                    id: CommandID("cmd_\(asker)"), organization: Self.acme, door: DoorID("d1"),
                    by: .init(id: asker, user: ["id": .string(asker), "firstName": "Ana", "lastName": "Reis"]),
                    repetitionKey: "k", incarnation: scene.me, begun: Scene.start)
                try await scene.store.apply(.add, .command(command))
            }
            try await Self.finish(
                try await scene.store.begin(Self.wish(), at: Scene.start, audited: nil), in: scene.store)
            let mine = try await scene.store.command(of: "31", repetitionKey: "k")
            #expect(mine?.asker.user == ["id": "31", "firstName": "", "lastName": ""])
            #expect(try await scene.store.command(of: "8", repetitionKey: "k")?.asker.user["firstName"] == "Ana")
        }
    }

    @Test(arguments: StoreOpener.all, FaultGate.Moment.allCases)
    func erasureContinuesAfterAnyFailingCall(_ opener: StoreOpener, _ moment: FaultGate.Moment) async throws {
        var failingCall = 0
        var isOver = false
        while !isOver {
            failingCall += 1
            try await withScene(opener) { scene in
                _ = try await Self.append((0..<120).map { Self.event("\($0)") }, in: scene)
                scene.gate.fail(call: failingCall, moment)
                for _ in 0..<2 { _ = try? await scene.store.begin(Self.wish(), at: Scene.start, audited: nil) }
                for _ in 0..<2 {
                    for erasure in (try? await scene.store.erasures()) ?? [] {
                        _ = try? await Self.finish(erasure, in: scene.store)
                    }
                }
                isOver = scene.gate.calls < failingCall
                scene.gate.rest()
                #expect(try await Self.names(scene).allSatisfy { $0 == nil })
                #expect(try await scene.store.erasure(of: "31", in: Self.acme)?.events == 120)
            }
            try #require(failingCall < 100)
        }
        #expect(failingCall > 4)
    }

    @Test func nothingOfThePersonIsLeftInTheFile() async throws {
        try await withFolder { folder in
            let store = try await StoreOpener.all[0].open(folder, OpenGate(), nil)
            let scene = try await Scene(setUpIn: store)
            let note = String(repeating: "x", count: 20_000)
            let long = Self.event("long")
            var parts = Event.Parts(
                id: long.id, kind: long.kind, organization: long.organization, received: long.received)
            (parts.source, parts.sourceID) = (long.source, long.sourceID)
            parts.data = ["person": ["id": "31"], "details": ["note": .string("Ana begins \(note) Ana ends")]]
            _ = try await Self.append([Event(parts)] + (0..<9).map { Self.event("\($0)") }, in: scene)
            try await Self.finish(try await store.begin(Self.wish(), at: Scene.start, audited: nil), in: store)
            await store.close()
            let file = try Data(contentsOf: URL(filePath: folder + "/gatehouse.db"))
            #expect(file.range(of: Data("Ana".utf8)) == nil)
        }
    }
}
