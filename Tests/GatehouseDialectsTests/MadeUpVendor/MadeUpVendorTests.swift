internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// The boundary: code that does not know the vendor matches, renders and checks its events.
@Suite struct MadeUpVendorTests {
    private let spoken = Spoken(dialect: MadeUpDialect())
    private let table = DialectTable(Dialects.all + [MadeUpDialect()])

    @Test func productDoesNotKnowTheVendor() {
        #expect(!Dialects.all.contains { $0.name == spoken.dialect.name })
    }

    private func owed(_ event: Event, _ more: JSONObject = [:]) throws -> Bool {
        var index = SubscriptionIndex()
        index.put(try spoken.subscription(more))
        return !index.owed(event, lineage: [Building.organization], dialects: table).isEmpty
    }

    @Test func selectorDecidesWhatIsOwed() throws {
        let event = Building.examples[0].event
        #expect(try owed(event))
        #expect(try owed(event, ["settings": ["gates": [2, 3]]]))
        #expect(try !owed(event, ["settings": ["gates": [2]]]))
        #expect(try !owed(Building.event(.doorOpened, ["door": "lobby"])))
    }

    @Test func unknownNameIsRefusedWithTheNearest() throws {
        #expect {
            try spoken.terms(["kinds": ["door.opened"]])
        } throws: { error in
            (error as? ValidationErrors)?.faults.map(\.code) == [.unknownKind]
        }
    }

    @Test func directionChoosesTheName() throws {
        let subscription = try spoken.subscription()
        for (direction, name): (JSON, String) in [("entry", "TURN_IN"), ("exit", "TURN_OUT"), ("none", "TURN")] {
            let names = spoken.dialect.names(of: Canary.event(.accessGranted, access: direction), for: subscription)
            #expect(names == [VendorName(name)])
        }
    }

    @Test func deliveryEndsAfterFourTries() throws {
        let terms = try spoken.terms()
        let policy = RetryPolicy(of: spoken.dialect.defaults.retries, terms: terms)
        var random = SeededRandom(seed: 1)
        for attempt in 1...4 {
            let verdict = policy.verdict(
                on: .answered(Outcome.Answer(status: 410)), attempt: attempt, lane: .urgent, now: Building.now,
                using: &random)
            switch verdict {
            case .dueAgain: #expect(attempt < 4)
            case .dead(.exhausted): #expect(attempt == 4)
            case .delivered, .gone, .dead(.corrupt): Issue.record("\(verdict) at attempt \(attempt)")
            }
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodyEqualsTheGoldenFile(_ level: PrivacyLevel) throws {
        let golden = Golden("../Golden/MadeUp")
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        for (name, event) in Building.examples where spoken.dialect.vocabulary.sayable.contains(event.kind) {
            let body = String(decoding: spoken.prepare(event, for: subscription).body, as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).level-\(level.rawValue).json") == nil)
        }
    }

    @Test func requestEqualsTheGoldenFile() throws {
        let request = spoken.prepare(Building.examples[0].event, for: try spoken.subscription(), attempt: 2)
        #expect(try Golden("../Golden/MadeUp").difference(request.written, from: "access-granted.second.http") == nil)
    }

    @Test func writtenBodyIsReadBack() throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        for kind in spoken.dialect.vocabulary.sayable.kinds where kind != .accessUnrecognized {
            let event = Canary.event(kind)
            let parsed = try spoken.dialect.parse(spoken.prepare(event, for: subscription).body)
            #expect(parsed.kind == kind)
            #expect(parsed.sourceID == nil)
            #expect(parsed.time?.time.instant == event.time.instant)
            #expect(parsed.labels.doorNumber == event.labels.doorNumber)
            #expect(parsed.data["person"]?["firstName"] == event.data["person"]?["firstName"])
            #expect(parsed.data["credential"]?["number"] == event.data["credential"]?["number"])
        }
    }

    /// One layout both writes and reads, so nothing of a body is lost.
    @Test func readBodyIsWrittenInTheSameBytes() throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        var names: Set<String> = []
        for kind in spoken.dialect.vocabulary.sayable.kinds {
            for direction: JSON in ["entry", "exit", "none"] {
                let event = Canary.event(kind, access: direction)
                let body = spoken.prepare(event, for: subscription).body
                let again = try spoken.dialect.parse(body).admitted()
                #expect(spoken.prepare(again, for: subscription).body == body)
                names.formUnion(spoken.dialect.names(of: again, for: subscription).map(\.text))
            }
        }
        #expect(names == Set(MadeUpEvents.table.names))
    }

    @Test func nameOfTwoKindsIsReadAsTheFirst() throws {
        let body = spoken.prepare(Canary.event(.accessUnrecognized), for: try spoken.subscription()).body
        #expect(try spoken.dialect.parse(body).kind == .accessDenied)
    }
}
