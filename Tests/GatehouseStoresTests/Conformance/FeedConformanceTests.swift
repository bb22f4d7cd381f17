import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``EventStore`` about the feed, tested with every store.
@Suite struct FeedConformanceTests {
    private static let acme = OrganizationID("acme")
    private static let globex = OrganizationID("globex")

    private static func filter(_ limit: Int = 10, _ change: (inout FeedFilter) -> Void = { _ in }) -> FeedFilter {
        var filter = FeedFilter(limit: limit)
        change(&filter)
        return filter
    }

    @Test(arguments: StoreOpener.all)
    func eventsAreReadOldestFirstInSlices(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let empty = try await scene.store.feed(Self.filter())
            #expect(empty.events.isEmpty && empty.isAtEnd && empty.newest == EventPosition(0))
            #expect(empty.reached == EventPosition(0))
            let events = (0..<23).map { Sample.event("\($0)") }
            for event in events { _ = try await scene.store.append([Sample.entry(event)], by: scene.me) }
            let (found, slices) = try await read(Self.filter(10), from: scene.store)
            #expect(found.map(\.id) == events.map(\.id))
            #expect(slices.map(\.events.count) == [10, 10, 3])
            #expect(slices.map(\.isAtEnd) == [false, false, true])
            let last = try #require(slices.last)
            #expect(last.reached == last.newest)
            let positions = slices.flatMap { $0.events.map(\.position) }
            #expect(positions == positions.sorted() && positions.last == last.newest)
            let ahead = try await scene.store.feed(Self.filter { $0.after = EventPosition(4711) })
            #expect(ahead.events.isEmpty && ahead.isAtEnd && ahead.newest == last.newest)
            #expect(ahead.reached == EventPosition(4711), "a reader never goes back")
        }
    }

    /// A reader of large events gets few at once, and all of them in the end.
    @Test(arguments: StoreOpener.all)
    func sliceEndsAtItsMaximumOfBytes(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let sizes = [10, FeedFilter.bytes / 2, FeedFilter.bytes / 2, 10, 2 * FeedFilter.bytes, 10, 10]
            for (place, size) in sizes.enumerated() {
                var parts = Sample.event("\(place)").parts
                parts.data["details"] = ["filler": .string(String(repeating: "x", count: size))]
                _ = try await scene.store.append([Sample.entry(Event(parts))], by: scene.me)
            }
            let (found, slices) = try await read(Self.filter(100), from: scene.store)
            #expect(found.map(\.sourceID) == sizes.indices.map { "\($0)" })
            #expect(slices.map(\.events.count) == [3, 2, 2])
            #expect(slices.map(\.isAtEnd) == [false, false, true])
        }
    }

    @Test(arguments: StoreOpener.all)
    func passageUnderDuressIsAlsoFoundAsDuressAlarm(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            func event(_ id: String, _ kind: Kind, _ access: JSON) -> Event {
                var parts = Sample.event(id, kind: kind).parts
                parts.data["access"] = access
                return Event(parts)
            }
            let events = [
                event("plain", .accessGranted, ["duress": false]), event("granted", .accessGranted, ["duress": true]),
                event("denied", .accessDenied, ["duress": true]), event("alarm", .accessDuress, [:]),
                event("mute", .accessGranted, [:]),
            ]
            for event in events { _ = try await scene.store.append([Sample.entry(event)], by: scene.me) }
            for (kinds, ids) in [
                ([.accessDuress], ["granted", "denied", "alarm"]), ([.accessDenied], ["denied"]),
                ([.accessDuress, .accessGranted], ["plain", "granted", "denied", "alarm", "mute"]),
                ([.doorForced], []),
            ] as [([Kind], [String])] {
                let slice = try await scene.store.feed(Self.filter { $0.kinds = KindSet(kinds) })
                #expect(slice.events.map(\.event.sourceID) == ids, "\(kinds)")
                #expect(ids == events.filter { KindSet(kinds).wants($0) }.map(\.sourceID))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func eventIsReadUnchanged(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a", person: "ana")
            let appended = try await scene.store.append([Sample.entry(event)], by: scene.me)[0]
            let slice = try await scene.store.feed(Self.filter())
            let told = try #require(slice.events.first)
            #expect(told.position == appended.position)
            #expect(told.event.stored == event.numbered(appended.numbers).stored)
        }
    }

    @Test(arguments: StoreOpener.all)
    func sliceLengthIsLimited(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let batch = (0..<1100).map { Sample.entry(Sample.event("\($0)")) }
            _ = try await scene.store.append(batch, by: scene.me)
            #expect(try await scene.store.feed(Self.filter(5000)).events.count == 1000)
            #expect(try await scene.store.feed(Self.filter(-1)).events.count == 1)
        }
    }

    /// Every filter, compared with the simplest implementation of its meaning.
    @Test(arguments: StoreOpener.all, [1, 2, 3] as [UInt64])
    func everyFilterFindsExactlyItsMatches(_ opener: StoreOpener, seed: UInt64) async throws {
        try await withScene(opener) { scene in
            var random = SeededRandom(seed: seed)
            let events = (0..<300).map { Self.event($0, using: &random) }
            for start in stride(from: 0, to: 300, by: 60) {
                let batch = events[start..<start + 60].map { Sample.entry($0) }
                _ = try await scene.store.append(batch, by: scene.me)
            }
            for round in 0..<60 {
                let filter = Self.filter(using: &random)
                let wanted = events.filter { Self.fits($0, filter) }
                let (found, _) = try await read(filter, from: scene.store)
                #expect(found.map(\.id) == wanted.map(\.id), "seed \(seed), round \(round): \(filter)")
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func aRareEventIsFoundBehindManyOthers(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let many = Int(FeedFilter.span) * 2 + 7
            let others = (0..<many).map { Sample.entry(Sample.event("\($0)", organization: "globex")) }
            for start in stride(from: 0, to: many, by: 1000) {
                let batch = Array(others[start..<min(start + 1000, many)])
                _ = try await scene.store.append(batch, by: scene.me)
            }
            let rare = Sample.event("rare", kind: .doorForced)
            _ = try await scene.store.append([Sample.entry(rare)], by: scene.me)
            let narrow = Self.filter { $0.organizations = [Self.acme] }
            let (own, slices) = try await read(narrow, from: scene.store)
            #expect(own.map(\.id) == [rare.id] && slices.count == 1, "the index skips events of others")
            let (forced, looks) = try await read(Self.filter { $0.kinds = KindSet([.doorForced]) }, from: scene.store)
            #expect(forced.map(\.id) == [rare.id])
            #expect(looks.count == 3 && looks[0].events.isEmpty && !looks[0].isAtEnd)
            let (none, _) = try await read(Self.filter { $0.kinds = KindSet([.panicRaised]) }, from: scene.store)
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func eventIsReadExactlyOnceDuringAppends(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let (writers, each) = (8, 60)
            let isOver = Snapshot(false)
            async let all = follow(Self.filter(7), until: isOver, in: scene.store)
            async let own = follow(
                Self.filter(5) { $0.organizations = [Self.acme] }, until: isOver, in: scene.store)
            let taken = try await withThrowingTaskGroup(of: [EventID].self) { group in
                for writer in 0..<writers {
                    let organization = writer.isMultiple(of: 2) ? "acme" : "globex"
                    group.addTask {
                        var ids: [EventID] = []
                        for number in 0..<each {
                            let event = Sample.event("\(writer)-\(number)", organization: organization)
                            ids += try await scene.store.append([Sample.entry(event)], by: scene.me).map(\.event)
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            isOver.update { $0 = true }
            let (seen, seenOwn) = try await (all, own)
            #expect(taken.count == writers * each)
            #expect(seen.count == taken.count && Set(seen) == Set(taken), "none skipped, none twice")
            #expect(seenOwn.count == taken.count / 2 && Set(seenOwn).isSubset(of: taken))
            #expect(seenOwn == seen.filter(Set(seenOwn).contains), "in the same order")
        }
    }

    /// Reads after its own cursor until the others have ended and there are no more events.
    private func follow(
        _ filter: FeedFilter, until isOver: Snapshot<Bool>, in store: any Store
    ) async throws -> [EventID] {
        var filter = filter
        var seen: [EventID] = []
        while true {
            let isLast = isOver.value
            let slice = try await store.feed(filter)
            seen += slice.events.map(\.event.id)
            filter.after = slice.reached
            if isLast, slice.isAtEnd { return seen }
        }
    }

    private func read(_ filter: FeedFilter, from store: any Store) async throws -> (events: [Event], [FeedSlice]) {
        var filter = filter
        var slices: [FeedSlice] = []
        repeat {
            let slice = try await store.feed(filter)
            slices.append(slice)
            filter.after = slice.reached
        } while slices.last?.isAtEnd == false
        return (slices.flatMap { $0.events.map(\.event) }, slices)
    }

    // MARK: Chance

    private static let organizations = (0..<20).map { OrganizationID("o\($0)") } + [acme, globex]
    private static let kinds: [Kind] = [.doorOpened, .doorForced, .accessGranted, .panicRaised]

    /// Mostly in the order of time, as with real clocks.
    private static func event(_ number: Int, using random: inout SeededRandom) -> Event {
        let jump = Int64.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: -90...90, using: &random) : 0
        var parts = Event.Parts(
            id: EventID(high: 0x018B_CFE5_6800_7000, low: 0x9000_0000_0000_0000 | UInt64(number)),
            kind: kinds[Int.random(in: 0..<kinds.count, using: &random)],
            organization: organizations[Int.random(in: 0..<organizations.count, using: &random)],
            received: Scene.start + .seconds(Int64(number) + jump))
        parts.source = "/panels/1"
        parts.sourceID = "\(number)"
        let door = Int.random(in: 0..<4, using: &random)
        let id = "d\"\(door)"
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: parts.data["door"] = .string(id)
        case 2: (parts.data["door"], parts.labels.doorNumber) = (.string(id), 0)
        default:
            let panel = Panel(id: PanelID("p"), organization: parts.organization, name: "P", number: nil)
            parts.labels.onlyDoor = Event.OnlyDoor(Door(id: DoorID(id), panel: panel, number: 3, name: "D"))
        }
        if parts.kind == .accessGranted {
            parts.data["access"] = ["duress": .bool(Bool.random(using: &random))]
        }
        return Event(parts)
    }

    private static func filter(using random: inout SeededRandom) -> FeedFilter {
        var filter = FeedFilter(limit: Int.random(in: 1...40, using: &random))
        func chance() -> Bool { Bool.random(using: &random) }
        if chance() { filter.after = EventPosition(Int64.random(in: 0...320, using: &random)) }
        if chance() { filter.kinds = KindSet(kinds.filter { _ in chance() }) }
        if chance() { filter.doors = Set((1...3).filter { _ in chance() }.map { DoorID("d\"\($0)") }) }
        if chance() {
            let share = chance() ? 2 : 19
            filter.organizations = Set(organizations.shuffled(using: &random).prefix(share))
        }
        if chance() { filter.since = Scene.start + .seconds(Int64.random(in: -50...350, using: &random)) }
        if chance() { filter.until = Scene.start + .seconds(Int64.random(in: -50...350, using: &random)) }
        return filter
    }

    /// Positions are those of the appends: the first is 1.
    private static func fits(_ event: Event, _ filter: FeedFilter) -> Bool {
        guard let position = Int64(event.sourceID).map({ EventPosition($0 + 1) }) else { return false }
        let isAlarm = event.kind == .doorForced || event.kind == .panicRaised || event.isUnderDuress
        let isAnywhere = isAlarm && event.labels.doorNumber == nil && event.labels.onlyDoor == nil
        let told = event.door ?? event.labels.onlyDoor?.id
        let isOfDoor = filter.doors.map { doors in told.map(doors.contains) ?? false || isAnywhere } ?? true
        return filter.after.map { position > $0 } ?? true && filter.kinds.wants(event) && isOfDoor
            && filter.organizations.map { $0.contains(event.organization) } ?? true
            && filter.since.map { event.received >= $0 } ?? true && filter.until.map { event.received < $0 } ?? true
    }
}
