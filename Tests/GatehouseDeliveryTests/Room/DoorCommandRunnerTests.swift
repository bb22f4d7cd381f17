import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Synchronization
import Testing

/// A command to unlock a door: sent once, recorded before and after.
@Suite struct DoorCommandRunnerTests {
    @Test(arguments: [("opened", CommandOutcome.Result.opened), ("refused", .refused)])
    func answerOfTheDoorIsReportedWithTheEvent(answer: String, result: CommandOutcome.Result) async throws {
        let bench = try await DeliveryBench.make()
        try await bench.open()
        try await bench.subscribe { $0.privacyLevel = .everything }
        let door = try await bench.door(["type": "simulated", "answer": .string(answer)])
        let command = try Self.ended(try await bench.unlock(door))
        #expect(command.ended?.outcome.result == result)
        let told = try #require(command.ended?.event)
        let event = try #require(await bench.store.event(told))
        #expect(event.kind == .doorUnlockCommanded)
        #expect(event.data["panel"] == "p1" && event.data["door"] == "lobby")
        #expect(event.data["details"]?["outcome"] == .string(result.rawValue))
        #expect(event.data["details"]?["user"]?["firstName"] == "Ana")
        #expect(event.labels.doorName == "Lobby" && event.labels.panelNumber == 7)
        try await bench.advance(until: "the event is delivered") { try await bench.count(.delivered) == 1 }
        try await bench.close()
    }

    @Test func aDoorWithoutADriverIsUnsupported() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.open()
        let command = try Self.ended(try await bench.unlock(try await bench.door(nil)))
        #expect(command.ended?.outcome.result == .unsupported)
        try await bench.close()
    }

    @Test func aDoorThatIsSilentIsWaitedForNoLongerThanItsTimeout() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.open()
        let door = try await bench.door(["type": "simulated", "answer": "none", "timeout": 2000])
        let asked = bench.clock.now
        let (commander, isOver) = (try bench.commander, Snapshot(false))
        let wish = Task {
            defer { isOver.update { $0 = true } }
            return try await commander.unlock(door, for: DeliveryBench.asker, repetitionKey: nil)
        }
        try await bench.advance(until: "the wish ends") { isOver.value }
        let command = try Self.ended(try await wish.value)
        #expect(command.ended?.outcome.result == .unanswered)
        #expect(bench.clock.now - asked >= .seconds(2))
        try await bench.close()
    }

    @Test func theSameWishToldTwiceIsToldTheDoorOnce() async throws {
        let bench = try await DeliveryBench.make()
        let driver = CountingDriver()
        bench.drivers = [driver]
        try await bench.open()
        let door = try await bench.door(["type": "counting"])
        let first = try Self.ended(try await bench.unlock(door, repetitionKey: "k1"))
        #expect(try Self.ended(try await bench.unlock(door, repetitionKey: "k1")) == first)
        #expect(driver.count == 1)
        #expect(try Self.ended(try await bench.unlock(door, repetitionKey: "k2")) != first)
        #expect(driver.count == 2)
        var other = door
        other.driver = nil
        let elsewhere = Door(
            id: DoorID("gate"), panel: Panel(id: door.panel, organization: door.organization, name: "", number: nil),
            number: 2, name: "Gate")
        #expect(try await bench.unlock(elsewhere, repetitionKey: "k1") == .usedElsewhere)
        try await bench.close()
    }

    @Test func callerIsRecordedBeforeAndAfter() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.open()
        let door = try await bench.door(["type": "simulated"])
        var asker = DeliveryBench.asker
        asker.actor = AuditEntry.Actor(key: "key_1", user: asker.user, client: ["ipAddress": "192.0.2.7"])
        _ = try await bench.commander.unlock(door, for: asker, repetitionKey: "k1")
        _ = try await bench.commander.unlock(door, for: asker, repetitionKey: "k1")
        let entries = try await bench.store.audit(AuditFilter(limit: 10)).map(\.entry)
        #expect(entries.map(\.action) == [.unlockEnded, .unlock])
        #expect(entries.allSatisfy { $0.actor == asker.actor && $0.id == "lobby" && $0.sort == .door })
        #expect(entries.map { $0.details["outcome"] } == ["opened", nil])
        #expect(entries[0].details["command"] == entries[1].details["command"])
        try await bench.close()
    }

    @Test func ofManyWithOneRepetitionKeyAtOnceOneIsToldTheDoor() async throws {
        let bench = try await DeliveryBench.make()
        let driver = CountingDriver()
        bench.drivers = [driver]
        try await bench.open()
        let door = try await bench.door(["type": "counting"])
        let commander = try bench.commander
        let answers = try await withThrowingTaskGroup(of: Commanded.self) { group in
            for _ in 0..<20 {
                group.addTask { try await commander.unlock(door, for: DeliveryBench.asker, repetitionKey: "k") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(driver.count == 1)
        let ids = answers.compactMap { answer -> CommandID? in
            if case .ended(let command) = answer { command.id } else { nil }
        }
        #expect(Set(ids).count == 1)
        try await bench.close()
    }

    @Test func commandThatCannotBeRecordedIsNotSentToTheDoor() async throws {
        let bench = try await DeliveryBench.make()
        let driver = CountingDriver()
        bench.drivers = [driver]
        try await bench.open()
        let door = try await bench.door(["type": "counting"])
        bench.gate.goAway()
        await #expect(throws: StoreError.self) { try await bench.unlock(door) }
        #expect(driver.count == 0)
        bench.gate.comeBack()
        try await bench.close()
    }

    @Test func anEndingThatCouldNotBeWrittenIsWrittenWhenTheStoreIsBack() async throws {
        let bench = try await DeliveryBench.make()
        let driver = CountingDriver { [gate = bench.gate] in gate.goAway() }
        bench.drivers = [driver]
        try await bench.open()
        let door = try await bench.door(["type": "counting"])
        await #expect(throws: StoreError.self) { try await bench.unlock(door, repetitionKey: "k") }
        #expect(driver.count == 1)
        bench.gate.comeBack()
        try await bench.advance(until: "the ending is written") {
            try await bench.store.command(of: "key_1", repetitionKey: "k")?.ended != nil
        }
        #expect(try Self.ended(try await bench.unlock(door, repetitionKey: "k")).ended?.outcome.result == .opened)
        #expect(driver.count == 1)
        try await bench.close()
    }

    @Test func commandLeftOpenByACrashEndsAsUnknown() async throws {
        let bench = try await DeliveryBench.make()
        bench.drivers = [CountingDriver { [gate = bench.gate] in gate.goAway() }]
        try await bench.open()
        let door = try await bench.door(["type": "counting"])
        await #expect(throws: StoreError.self) { try await bench.unlock(door, repetitionKey: "k") }
        await bench.crash()
        bench.gate.comeBack()
        try await bench.open()
        try await bench.advance(until: "the command is ended") {
            try await bench.store.command(of: "key_1", repetitionKey: "k")?.ended != nil
        }
        let ended = try #require(await bench.store.command(of: "key_1", repetitionKey: "k")?.ended)
        #expect(ended.outcome.result == .unknown)
        let event = try await bench.store.event(ended.event)
        #expect(event?.data["details"]?["outcome"] == "unknown")
        try await bench.close()
    }

    private static func ended(_ commanded: Commanded) throws -> DoorCommand {
        guard case .ended(let command) = commanded else {
            throw DeliveryBench.Stuck(what: "the wish was not carried out: \(commanded)")
        }
        return command
    }
}

/// Opens, and counts its commands.
private final class CountingDriver: DoorDriver {
    let secretSettings: Set<String> = []
    let name = "counting"
    private let told = Mutex(0)
    private let meanwhile: @Sendable () -> Void

    init(meanwhile: @escaping @Sendable () -> Void = {}) {
        self.meanwhile = meanwhile
    }

    var count: Int { told.withLock { $0 } }

    func faults(in settings: JSONObject) -> [ValidationError] { [] }

    func unlock(_ door: Door, settings: JSONObject) async -> CommandOutcome {
        told.withLock { $0 += 1 }
        meanwhile()
        return CommandOutcome(.opened)
    }
}
