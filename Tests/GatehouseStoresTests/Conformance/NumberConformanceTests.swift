import GatehouseCore
import Testing

/// The promises of ``EventStore`` about numbers, tested with every store.
@Suite struct NumberConformanceTests {
    private static func event(_ id: String, _ data: JSONObject, organization: String = "acme") -> Event {
        let plain = Sample.event(id, organization: organization)
        var parts = Event.Parts(
            id: plain.id, kind: plain.kind, organization: plain.organization, received: plain.received)
        parts.source = plain.source
        parts.sourceID = plain.sourceID
        parts.data = data
        return Event(parts)
    }

    private static func person(_ id: String) -> JSONObject {
        JSONObject([.init("person", .object(.init([.init("id", .string(id))])))])
    }

    private func expect(
        _ person: String, _ number: Int64?, in scene: Scene, organization: String = "acme", times: Int = 1
    ) async throws {
        let event = Self.event("\(person)-\(times)", Self.person(person), organization: organization)
        let appended = try await scene.store.append([Sample.entry(event)], by: scene.me)[0]
        let stored = try await scene.store.event(event.id)
        #expect(stored?.labels.numbers == appended.numbers)
        #expect(stored?.stored == event.numbered(appended.numbers).stored)
        #expect(appended.numbers[.person] == number, "\(person)")
    }

    @Test(arguments: StoreOpener.all)
    func aDecimalIsItsOwnNumber(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for id in ["1", "31", "2147483647"] {
                try await expect(id, Int64(id), in: scene)
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func idThatIsNoDecimalGetsTheNextNumberAndKeepsIt(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let odd = ["ana", "031", "0", "2147483648", "99999999999999999999", "-1", "1.0", "١"]
            for (place, id) in odd.enumerated() {
                try await expect(id, Numbers.first + Int64(place), in: scene)
            }
            try await expect("031", Numbers.first + 1, in: scene, times: 2)
        }
    }

    /// A number that an owner gave to a panel is given to no other panel, and an owner cannot give a number that is in
    /// use.
    @Test(arguments: StoreOpener.all)
    func panelNumberIsNeverShared(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let acme = OrganizationID("numbered")
            func panel(_ id: String, _ number: Int64?) -> Panel {
                Panel(id: PanelID(id), organization: acme, name: "P", number: number)
            }
            func given(_ id: String) async throws -> Int64? {
                try await scene.store.numbers(of: [Numbers.Name(acme, .panel, id)]).first
            }
            try await scene.store.apply(.add, .organization(Organization(id: acme, name: "A", parent: nil)))
            try await scene.store.apply(.add, .panel(panel("a", 7)))
            try await scene.store.apply(.add, .panel(panel("7", nil)))
            #expect(try await given("7") == Numbers.first, "another panel has its number")
            await #expect(throws: StoreError.self) { try await scene.store.apply(.add, .panel(panel("b", 7))) }
            await #expect(throws: StoreError.self) {
                try await scene.store.apply(.add, .panel(panel("b", Numbers.first)))
            }
            await #expect(throws: StoreError.self) { try await scene.store.apply(.change, .panel(panel("7", 7))) }
            try await scene.store.apply(.change, .panel(panel("7", Numbers.first)))
            try await scene.store.apply(.change, .panel(panel("a", nil)))
            try await scene.store.apply(.add, .panel(panel("b", 7)))
        }
    }

    @Test(arguments: StoreOpener.all)
    func noTwoNamesShareANumber(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await expect("1000000001", 1_000_000_001, in: scene)
            try await expect("ana", 1_000_000_002, in: scene)
            try await expect("1000000002", 1_000_000_003, in: scene)
        }
    }

    @Test(arguments: StoreOpener.all)
    func organizationsAndSubjectsHaveSeparateNumbers(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await expect("ana", Numbers.first, in: scene)
            try await expect("bia", Numbers.first, in: scene, organization: "globex")
            let event = Self.event(
                "both",
                JSONObject([
                    .init("person", .object(.init([.init("id", "ana")]))),
                    .init("vehicle", .object(.init([.init("id", "ana")]))),
                    .init("credential", .object(.init([.init("form", "card")]))),
                ]))
            let numbers = try await scene.store.append([Sample.entry(event)], by: scene.me)[0].numbers
            #expect(numbers[.person] == Numbers.first && numbers[.vehicle] == Numbers.first)
            #expect(numbers[.credential] == nil && numbers[.zone] == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func accountAndItsPanelsHaveNumbersToo(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let data = JSONObject([
                .init("panel", "gate"), .init("visit", .object(.init([.init("id", 9)]))),
            ])
            let numbers = try await scene.store.append([Sample.entry(Self.event("a", data))], by: scene.me)[0].numbers
            #expect(numbers[.account] == Numbers.first)
            #expect(numbers[.panel] == Numbers.first)
            #expect(numbers[.visit] == 9, "an id may be a number in JSON")
            var parts = Event.Parts(
                id: Sample.event("b").id, kind: .doorOpened, organization: OrganizationID("acme"),
                received: Instant(seconds: 1))
            parts.data = data
            parts.labels.panelNumber = 7
            #expect(!Event(parts).names.map(\.subject).contains(.panel), "the directory's number takes precedence")
        }
    }

    /// A record's id is never a number that an event may have itself, and never one of the given numbers.
    @Test(arguments: StoreOpener.all)
    func recordNumbersAndEventNumbersDoNotOverlap(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for (subject, block) in [
                (Numbers.Subject.punch, "punch"), (.occurrence, "occurrence"), (.attendance, "attendance"),
                (.visit, "visit"),
            ] {
                let told: [(String?, Int64?)] = [
                    ("2", 2), ("999999999", 999_999_999), ("1000000001", 1_600_000_001), ("p-7", 1_600_000_002),
                    (nil, nil),
                ]
                for (id, number) in told {
                    let fields = JSONObject(id.map { [.init("id", .string($0))] } ?? [])
                    let event = Self.event("\(block)-\(id ?? "none")", JSONObject([.init(block, .object(fields))]))
                    let numbers = try await scene.store.append([Sample.entry(event)], by: scene.me)[0].numbers
                    #expect(numbers[subject] == number, "\(block) \(id ?? "none")")
                    let position = try #require(numbers.position)
                    #expect(numbers.record(subject) == number ?? 1_000_000_000 + position)
                }
            }
        }
    }

    /// Persons of a list get the same numbers as single persons.
    @Test(arguments: StoreOpener.all)
    func peopleOfAListHaveTheirOwnNumbers(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await expect("ana", Numbers.first, in: scene)
            let people: [JSON] = [["id": "bia"], ["id": "ana"], ["name": "x"], ["id": 31]]
            let data = JSONObject([.init("details", .object(JSONObject([.init("people", .array(people))])))])
            let event = Self.event("list", data)
            let numbers = try await scene.store.append([Sample.entry(event)], by: scene.me)[0].numbers
            #expect(numbers.people == [Numbers.first + 1, Numbers.first, 0, 31])
            #expect(try await scene.store.event(event.id)?.labels.numbers == numbers)
            try await expect("bia", Numbers.first + 1, in: scene)
        }
    }

    @Test(arguments: StoreOpener.all)
    func numbersAreTheSameBeforeAnyEvent(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let acme = OrganizationID("acme")
            let names = ["bia", "31", "ana"].map { Numbers.Name(acme, .person, $0) }
            let given = try await scene.store.numbers(of: names)
            #expect(given == [Numbers.first, 31, Numbers.first + 1])
            #expect(try await scene.store.numbers(of: names.reversed()) == given.reversed())
            try await expect("ana", Numbers.first + 1, in: scene)
            try await expect("31", 31, in: scene)
            #expect(try await scene.store.numbers(of: []) == [])
        }
    }

    @Test(arguments: StoreOpener.all)
    func failedAppendGivesNoNumber(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let lost = Sample.entry(
                Self.event("lost", Self.person("ana")),
                owed: [.init(SubscriptionID("never was"), isBornLeased: false)])
            await #expect(throws: StoreError.missing) { try await scene.store.append([lost], by: scene.me) }
            try await expect("bia", Numbers.first, in: scene)
        }
    }

    @Test(arguments: StoreOpener.all)
    func repetitionGivesNoNumber(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let entry = Sample.entry(Self.event("a", Self.person("ana")))
            _ = try await scene.store.append([entry, entry], by: scene.me)
            #expect(try await scene.store.append([entry], by: scene.me)[0].isDuplicate)
            try await expect("bia", Numbers.first + 1, in: scene)
        }
    }

    @Test(arguments: StoreOpener.all)
    func eventNumberIsItsPositionInTheStore(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let events = (0..<3).map { Sample.event("\($0)") }
            let appended = try await scene.store.append(events.map { Sample.entry($0) }, by: scene.me)
            for (event, result) in zip(events, appended) {
                #expect(result.numbers.position == result.position.number)
                let kept = try await scene.store.event(event.id)
                #expect(kept?.labels.numbers.position == result.position.number)
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func accountNumbersAreUniqueInTheStore(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let events = ["acme", "globex", "7", "acme"].enumerated().map { place, organization in
                Sample.event("\(place)", organization: organization)
            }
            let appended = try await scene.store.append(events.map { Sample.entry($0) }, by: scene.me)
            let accounts = appended.map { $0.numbers[.account] }
            #expect(accounts == [Numbers.first, Numbers.first + 1, 7, Numbers.first])
        }
    }
}
