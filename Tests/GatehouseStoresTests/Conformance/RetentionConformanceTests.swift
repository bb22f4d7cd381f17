import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

/// The promises of ``HousekeepingStore`` about retention, tested with every store.
@Suite struct RetentionConformanceTests {
    /// Long after everything in a scene.
    static let later = Scene.start + .seconds(1_000_000)

    @Test(arguments: StoreOpener.all)
    func eventIsPrunedWithItsDeliveriesAndItsNumbersAreNotReused(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var born: [DeliveryID] = []
            for number in 0..<5 { born.append(try await scene.deliver("\(number)", leased: true)) }
            for id in born { try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1)) }
            let event = try #require(try await scene.all().first?.event)
            _ = try await scene.store.foldOdometers(limit: 100)
            let taken = try await scene.prune(.events, limit: 2)
            #expect(taken == [.events: 5, .deliveries: 5, .attempts: 5])
            #expect(try await scene.store.event(event) == nil)
            #expect(try await scene.all().isEmpty)
            #expect(try await scene.store.delivery(born[0]) == nil)
            #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 5])
            let again = try await scene.store.append(
                [Sample.entry(Sample.event("0"), owed: [.init(Scene.s1, isBornLeased: false)])], by: scene.me)[0]
            #expect(!again.isDuplicate && again.position == EventPosition(6))
            #expect(again.deliveries.map(\.event) == [EventPosition(6)])
            #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 6])
        }
    }

    @Test(arguments: StoreOpener.all)
    func owedOrRecentlyDeadDeliveryKeepsItsEvent(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let waiting = try await scene.deliver("waiting")
            let leased = try await scene.deliver("leased", leased: true)
            let dead = try await scene.deliver("dead", leased: true)
            let cancelled = try await scene.deliver("cancelled")
            // It was owed for long, and has just died.
            let died = Sample.attempt(1, started: Self.later - .seconds(60))
            try await scene.record(dead, .verdict(.dead(.exhausted)), attempt: died)
            try await scene.store.cancel(cancelled, audited: nil)
            _ = try await scene.store.foldOdometers(limit: 100)
            let taken = try await scene.prune(.events, deadBefore: Self.later - .seconds(3600))
            #expect(taken == [.events: 1, .deliveries: 1])
            #expect(try await scene.all().map(\.id) == [dead, leased, waiting])
            #expect(try await scene.prune(.events) == [.events: 1, .deliveries: 1, .attempts: 1])
            #expect(try await scene.all().map(\.id) == [leased, waiting])
            let claim = try await scene.claim()
            #expect(claim.deliveries.map(\.event?.sourceID) == ["waiting"], "it is still delivered")
        }
    }

    @Test(arguments: StoreOpener.all)
    func youngAndUncountedRowsStay(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for (id, at) in [("old", Scene.start), ("young", Self.later)] {
                let delivery = try await scene.deliver(id, received: at, leased: true)
                try await scene.record(delivery, .verdict(.delivered), attempt: Sample.attempt(1))
            }
            #expect(try await scene.prune(.events).isEmpty, "the odometers have not counted it")
            _ = try await scene.store.foldOdometers(limit: 100)
            #expect(try await scene.prune(.events) == [.events: 1, .deliveries: 1, .attempts: 1])
            #expect(try await scene.all().count == 1)
            #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 2])
        }
    }

    /// One event with many deliveries is deleted in many short slices, and nothing of it remains.
    @Test(arguments: StoreOpener.all)
    func eventWithManyDeliveriesIsPrunedInSlices(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let many = (0..<23).map { SubscriptionID("many\($0)") }
            for id in many { try await scene.store.add(Scene.subscription(id, "acme")) }
            let owed = many.map { Entry.Owed($0, isBornLeased: true) }
            for id in ["wide", "wider"] {
                let entry = Sample.entry(Sample.event(id), owed: owed)
                for delivery in try await scene.store.append([entry], by: scene.me)[0].deliveries {
                    try await scene.record(delivery, .verdict(.delivered), attempt: Sample.attempt(1))
                }
            }
            _ = try await scene.store.foldOdometers(limit: 100)
            var order = PruneOrder(.events, before: Self.later, deadBefore: Self.later, limit: 1)
            var slices: [PruneSlice] = []
            repeat {
                slices.append(try await scene.store.prune(order))
                order.after = slices.last?.next
                try #require(slices.count < 100)
            } while order.after != nil
            #expect(slices.allSatisfy { $0.taken[.deliveries] ?? 0 <= 5 })
            #expect(slices.reduce(0) { $0 + ($1.taken[.deliveries] ?? 0) } == 46)
            #expect(slices.reduce(0) { $0 + ($1.taken[.events] ?? 0) } == 2)
        }
    }

    /// More attempts than one slice reads, several of each delivery: one turn deletes all of them.
    @Test(arguments: StoreOpener.all)
    func oneTurnDeletesEveryOldAttempt(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let entries = (0..<500).map {
                Sample.entry(Sample.event("\($0)"), owed: [.init(Scene.s1, isBornLeased: false)])
            }
            let deliveries = try await scene.store.append(entries, by: scene.me).flatMap(\.deliveries)
            let results = deliveries.flatMap { delivery in
                (1...3).map { number in
                    Settlement(
                        delivery: delivery, next: .verdict(.dueAgain(at: Scene.start)),
                        attempt: Sample.attempt(number, .timedOut(.answer)))
                }
            }
            try await scene.store.record(results, by: scene.me)
            #expect(try await scene.prune(.attempts, limit: 2000) == [.attempts: 1500])
        }
    }

    @Test(arguments: StoreOpener.all)
    func attemptsArePrunedAndTheirCountStays(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let first = try await scene.deliver("a", leased: true)
            let (old, young) = (Sample.attempt(1), Sample.attempt(2, started: Self.later))
            try await scene.record(first, .verdict(.dueAgain(at: Scene.start)), attempt: old)
            _ = try await scene.claim()
            try await scene.record(first, .verdict(.delivered), attempt: young)
            let second = try await scene.deliver("b", received: Self.later, leased: true)
            try await scene.record(second, .verdict(.delivered), attempt: young)
            #expect(try await scene.prune(.attempts, limit: 1) == [.attempts: 1])
            #expect(try await scene.prune(.attempts).isEmpty)
            let found = try #require(try await scene.store.delivery(first))
            #expect(found.delivery.state == .delivered && found.delivery.attempts == 2)
            #expect(found.attempts == [young])
            #expect(try #require(try await scene.store.delivery(second)).attempts == [young])
        }
    }

    @Test(arguments: StoreOpener.all)
    func feedKnowsUpToWhereEventsMayBeMissing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let held = try await scene.deliver("held")
            for id in ["a", "b"] { try await scene.store.cancel(try await scene.deliver(id), audited: nil) }
            #expect(try await scene.store.feed(FeedFilter(limit: 9)).prunedUpTo == EventPosition(0))
            _ = try await scene.store.foldOdometers(limit: 100)
            try await scene.prune(.events)
            let slice = try await scene.store.feed(FeedFilter(limit: 9))
            #expect(slice.events.map(\.event.sourceID) == ["held"])
            #expect(slice.prunedUpTo == EventPosition(3) && slice.newest == EventPosition(3) && slice.isAtEnd)
            try await scene.store.cancel(held, audited: nil)
            try await scene.prune(.events)
            let empty = try await scene.store.feed(FeedFilter(limit: 9))
            #expect(empty.events.isEmpty && empty.newest == EventPosition(3) && empty.reached == EventPosition(3))
            _ = try await scene.deliver("new")
            var filter = FeedFilter(limit: 9)
            filter.after = empty.reached
            #expect(try await scene.store.feed(filter).events.map(\.event.sourceID) == ["new"])
        }
    }

    @Test(arguments: StoreOpener.all)
    func auditIsPrunedUpToALinkThatStays(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            var heads: [[UInt8]] = []
            for number in 1...5 {
                let session = StoredSession(hash: [UInt8(number)], key: KeyID("k"), expires: Self.later)
                let entry = AuditConformanceTests.entry("\(number)", at: number * 100)
                try await store.add(session, at: Scene.start, audited: entry)
                heads.append(try #require(try await store.proveAudit(knowing: nil).head))
            }
            let taken = try await scene.prune(.audit, before: Scene.start + .seconds(350), limit: 1)
            #expect(taken == [.audit: 3])
            let left = try await store.audit(AuditFilter(limit: 9))
            #expect(left.map(\.number) == [8, 7, 6, 5, 4], "each slice has its line")
            let told = try #require(left.first?.entry)
            #expect(told.action == .prune && told.actor == .gateway && told.details["upTo"] == 3)
            let head = try #require(try await store.proveAudit(knowing: nil).head)
            for (known, says) in [(heads[0], nil), (heads[2], true), (heads[4], true), ([9], nil)] as [([UInt8], Bool?)]
            {
                let proof = try await store.proveAudit(knowing: known)
                #expect(proof.hasKnown == says && proof.broken == nil && proof.prunedUpTo == 3)
                #expect(proof.entries == 5 && proof.links == 5 && proof.head == head && proof.missing == 3)
                #expect(proof.from?.number == 4 && proof.to?.number == 8 && proof.first?.number == 4)
                let newest = AuditConformanceTests.entry("3", at: 300).time
                #expect(proof.pruning == AuditProof.Pruning(upTo: 3, newest: newest))
            }
            #expect(try await scene.prune(.audit) == [.audit: 5])
            let empty = try await store.proveAudit(knowing: head)
            #expect(empty.entries == 1 && empty.hasKnown == true && empty.broken == nil && empty.missing == 8)
            let session = StoredSession(hash: [6], key: KeyID("k"), expires: Self.later)
            try await store.add(session, at: Scene.start, audited: AuditConformanceTests.entry("6"))
            #expect(try await store.proveAudit(knowing: head).broken == nil)
            #expect(try await store.audit(AuditFilter(limit: 9)).map(\.number) == [10, 9])
        }
    }

    /// Pruning the audit is an entry of the audit; so a turn begins only if something is overdue by the slack.
    @Test(arguments: StoreOpener.all)
    func auditIsNotPrunedForEveryOldEntry(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for number in 1...3 {
                let session = StoredSession(hash: [UInt8(number)], key: KeyID("k"), expires: Self.later)
                let entry = AuditConformanceTests.entry("\(number)", at: number * 100)
                try await scene.store.add(session, at: Scene.start, audited: entry)
            }
            func order(_ second: Int) -> PruneOrder {
                let now = Scene.start + .seconds(second)
                var order = PruneOrder(.audit, before: now, deadBefore: now, limit: 100)
                order.slack = .seconds(1000)
                return order
            }
            #expect(try await scene.store.prune(order(1000)).taken.isEmpty, "the first is not overdue by that much")
            #expect(try await scene.store.prune(order(1101)).taken == [.audit: 3], "then all old ones are pruned")
            #expect(try await scene.store.prune(order(1102)).taken.isEmpty)
            let usual = Retention().order(for: .audit, at: Scene.start, limit: 100)
            #expect(usual.slack == .seconds(86_400) && usual.time == Scene.start)
        }
    }

    @Test(arguments: StoreOpener.all)
    func endedRowsArePrunedAndOthersStay(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let gone = try await store.begin(at: Scene.start)
            for (id, isEnded) in [("cmd_1", true), ("cmd_2", false)] {
                var command = DoorCommand(
                    id: CommandID(id), organization: OrganizationID("acme"), door: DoorID("d1"),
                    by: DoorCommand.Asker(id: "key_1", user: ["id": "key_1"]), repetitionKey: id, incarnation: gone,
                    begun: Scene.start)
                try await store.apply(.add, .command(command))
                command.ended = DoorCommand.Ending(CommandOutcome(.opened), event: EventID(high: 1, low: 2))
                if isEnded { try await store.apply(.change, .command(command)) }
            }
            try await store.add(
                StoredSession(hash: [1], key: KeyID("k"), expires: Scene.start + .seconds(5)), at: Scene.start)
            try await store.add(
                StoredSession(hash: [2], key: KeyID("k"), expires: Self.later + .seconds(5)), at: Scene.start)
            let earlier = try await store.begin(at: Scene.start)
            for ended in [gone, earlier] { try await store.end(ended, at: Scene.start) }
            #expect(try await scene.prune(.commands) == [.commands: 1])
            #expect(try await store.command(of: "key_1", repetitionKey: "cmd_1") == nil)
            #expect(try await store.command(of: "key_1", repetitionKey: "cmd_2") != nil)
            #expect(try await scene.prune(.sessions) == [.sessions: 1])
            #expect(try await store.session([2]) != nil)
            #expect(try await scene.prune(.incarnations) == [.incarnations: 1], "the other one has an open command")
            #expect(try await store.lostCommands(limit: 9).map(\.id.text) == ["cmd_2"])
            try await store.beat(scene.me, at: Self.later)
            #expect(try await store.begin(at: Self.later).number > earlier.number)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deletedSubscriptionIsPrunedAfterItsLastDelivery(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            _ = try await scene.deliver("a")
            _ = try await store.foldOdometers(limit: 9)
            let s3 = Scene.subscription(SubscriptionID("s3"), "acme")
            let newest = try await store.add(s3)
            for id in [Scene.s1, Scene.s2, s3.identity.id] { try await store.delete(id, at: Scene.start) }
            #expect(try await scene.prune(.subscriptions).isEmpty, "an event from before their end is still there")
            try await scene.prune(.events)
            #expect(try await scene.prune(.subscriptions, before: Scene.start).isEmpty, "deleted just now")
            #expect(try await scene.prune(.subscriptions) == [.subscriptions: 2], "s3 is the last one")
            #expect(try await store.add(Scene.subscription(Scene.s1, "acme")) == newest + 1)
            _ = try await scene.deliver("b")
            #expect(try await store.odometers(of: [Scene.s1]) == [Scene.s1: 1])
        }
    }

    @Test(arguments: StoreOpener.all, FaultGate.Moment.allCases)
    func nextTurnPrunesTheRestAfterAnyFailingCall(_ opener: StoreOpener, _ moment: FaultGate.Moment) async throws {
        var failingCall = 0
        var isOver = false
        while !isOver {
            failingCall += 1
            try await withScene(opener) { scene in
                for number in 0..<6 { _ = try await scene.deliver("\(number)") }
                for delivery in try await scene.all().dropFirst(2) {
                    try await scene.store.cancel(delivery.id, audited: AuditConformanceTests.entry("\(delivery.id)"))
                }
                _ = try await scene.store.foldOdometers(limit: 100)
                scene.gate.fail(call: failingCall, moment)
                for what in Prunable.allCases {
                    for _ in 0..<2 { _ = try? await scene.prune(what, limit: 2) }
                }
                isOver = scene.gate.calls < failingCall
                scene.gate.rest()
                #expect(try await scene.all().count == 2)
                #expect(try await scene.claim().deliveries.count == 2)
                #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 6])
                let proof = try await scene.store.proveAudit(knowing: nil)
                #expect(proof.broken == nil && proof.prunedUpTo == 4 && proof.pruning?.upTo == 4)
                #expect(proof.from?.number ?? 0 > 4, "the gateway's own lines about it are left")
            }
            try #require(failingCall < 100)
        }
        #expect(failingCall > 8)
    }
}

extension Scene {
    /// Prunes until the turn is over, and returns how many of each were deleted.
    @discardableResult
    func prune(
        _ what: Prunable, before: Instant = RetentionConformanceTests.later,
        deadBefore: Instant = RetentionConformanceTests.later, limit: Int = 100
    ) async throws -> [Prunable: Int] {
        var order = PruneOrder(what, before: before, deadBefore: deadBefore, limit: limit)
        var taken: [Prunable: Int] = [:]
        repeat {
            let slice = try await store.prune(order)
            taken.merge(slice.taken, uniquingKeysWith: +)
            order.after = slice.next
        } while order.after != nil
        return taken
    }
}
