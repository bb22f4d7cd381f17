import GatehouseCore
import GatehouseTesting
import Testing

/// An id that names another event: a normal event is refused, an urgent one is accepted, once.
@Suite struct ConflictConformanceTests {
    private static let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]

    private static func alarm(_ content: String) -> Entry {
        Sample.entry(Sample.event("a", kind: .doorForced), content: content, owed: owed)
    }

    @Test(arguments: StoreOpener.all)
    func urgentEventWithAUsedIDIsAcceptedOnceAndFlagged(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let first = Sample.entry(Sample.event("a"), content: "squatted", owed: Self.owed)
            let squatter = try await scene.store.append([first], by: scene.me)[0]
            let real = Self.alarm("real")
            let taken = try await scene.store.append([real], by: scene.me)[0]
            #expect(!taken.isDuplicate && taken.flag == .conflict && taken.deliveries.count == 1)
            #expect(taken.event == real.admitted.event.id && taken.position > squatter.position)
            let kept = try #require(try await scene.store.event(taken.event))
            #expect(kept.flag == .conflict && kept.sourceID == "a" && kept.source == "/panels/1")
            #expect(kept.stored == real.admitted.event.flagged(.conflict).numbered(taken.numbers).stored)
            // Each is identified by its own content from now on.
            let again = try await scene.store.append([Self.alarm("real")], by: scene.me)[0]
            #expect(again.isDuplicate && again.event == taken.event && again.owed == 1)
            #expect(again.flag == .conflict, "the same answer as the first time")
            #expect(try await scene.store.append([first], by: scene.me)[0].event == squatter.event)
            let other = try await scene.store.append([Self.alarm("another")], by: scene.me)[0]
            #expect(!other.isDuplicate && other.flag == .conflict && other.event != taken.event)
            let normal = Sample.entry(Sample.event("a"), content: "third")
            #expect(await indexOfConflict { try await scene.store.append([normal], by: scene.me) } == 0)
            #expect(try await scene.all().count == 3)
        }
    }

    /// Two ids that Unicode calls equivalent are different, in one batch and in two.
    @Test(arguments: StoreOpener.all)
    func bytesDecideWhetherAnIDIsUsed(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let entries = ["caf\u{e9}", "cafe\u{301}", "K", "\u{212A}"].map { id in
                Sample.entry(Sample.event(id), content: id.utf8.map { "\($0)" }.joined())
            }
            let appended = try await scene.store.append(entries, by: scene.me)
            #expect(appended.map(\.isDuplicate) == [false, false, false, false])
            let again = try await scene.store.append(entries.reversed(), by: scene.me)
            #expect(again.map(\.event) == appended.map(\.event).reversed())
            #expect(again.allSatisfy { $0.isDuplicate })
            let people = ["jos\u{e9}", "jose\u{301}"].map { Numbers.Name(OrganizationID("acme"), .person, $0) }
            #expect(Set(try await scene.store.numbers(of: people + people)).count == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func theSameHoldsInsideABatch(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let batch = [
                Self.alarm("one"), Self.alarm("two"), Self.alarm("one"), Self.alarm("two"), Self.alarm("three"),
            ]
            let appended = try await scene.store.append(batch, by: scene.me)
            #expect(appended.map(\.isDuplicate) == [false, false, true, true, false])
            #expect(appended.map(\.flag) == [nil, .conflict, nil, .conflict, .conflict])
            #expect(appended[3].event == appended[1].event && appended[2].event == appended[0].event)
            let again = try await scene.store.append(batch, by: scene.me)
            #expect(again.map(\.event) == appended.map(\.event))
            #expect(again.allSatisfy { $0.isDuplicate })
            #expect(again.map(\.flag) == appended.map(\.flag))
            #expect(try await scene.all().count == 3)
            let refused = [Self.alarm("four"), Sample.entry(Sample.event("a"), content: "five")]
            #expect(await indexOfConflict { try await scene.store.append(refused, by: scene.me) } == 1)
            #expect(try await scene.all().count == 3, "a refused batch writes nothing")
        }
    }

    /// If any call fails, before or after it was done, the alarm is stored once in the end.
    @Test(arguments: StoreOpener.all, FaultGate.Moment.allCases)
    func retryAfterAnyFaultMakesNoSecondEvent(_ opener: StoreOpener, _ moment: FaultGate.Moment) async throws {
        for failingCall in 1...3 {
            try await withScene(opener) { scene in
                scene.gate.fail(call: failingCall, moment)
                for entry in [
                    Sample.entry(Sample.event("a"), content: "squatted"), Self.alarm("real"), Self.alarm("real"),
                ] {
                    var tries = 0
                    while (try? await scene.store.append([entry], by: scene.me)) == nil {
                        tries += 1
                        try #require(tries < 5)
                    }
                }
                let all = try await scene.all()
                #expect(all.count == 1 && all.first?.lane == .urgent)
            }
        }
    }

    private func indexOfConflict(_ append: () async throws -> [Appended]) async -> Int? {
        do {
            _ = try await append()
        } catch StoreError.conflict(let index, _, _) {
            return index
        } catch {
            return nil
        }
        return nil
    }
}
