import GatehouseControl
import GatehouseCore
import Synchronization
import Testing

/// What every registry does, whichever noun it holds.
@Suite struct RegistryTests {
    /// Numbers by name.
    private struct Numbers: RegistryTable, Equatable {
        var numbers: [String: Int] = [:]

        mutating func replace(by stored: Numbers) -> [String] {
            let names = Set(numbers.keys).union(stored.numbers.keys).filter { numbers[$0] != stored.numbers[$0] }
            self = stored
            return names.sorted()
        }
    }

    /// What a registry of numbers reads, and how often it did.
    private final class Shelf: Sendable {
        private let state = Mutex((numbers: Numbers(), readings: 0, isAway: false))

        var readings: Int { state.withLock { $0.readings } }

        func put(_ name: String, _ number: Int) { state.withLock { $0.numbers.numbers[name] = number } }

        func goAway() { state.withLock { $0.isAway = true } }

        func read() throws(StoreError) -> Numbers {
            let (numbers, isAway) = state.withLock { state in
                state.readings += 1
                return (state.numbers, state.isAway)
            }
            if isAway { throw .unavailable("the shelf is away") }
            return numbers
        }
    }

    private let shelf = Shelf()
    private let told = Snapshot<[String]>([])

    private func open() async throws -> Registry<Numbers> {
        let shelf = shelf
        let registry = try await Registry<Numbers> { () async throws(StoreError) in try shelf.read() }
        registry.observe { [told] name in told.update { $0.append(name) } }
        return registry
    }

    private func put(_ name: String, _ number: Int, in registry: Registry<Numbers>) async throws(StoreError) {
        let shelf = shelf
        try await registry.change { _ throws(StoreError) in
            shelf.put(name, number)
        } following: { table, _ in
            table.numbers[name] = number
            return [name]
        }
    }

    @Test func writersComeOneAtATimeAndSeeWhatTheOneBeforeDid() async throws {
        let registry = try await open()
        let writing = Snapshot(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    _ = try await registry.change { table throws(StoreError) -> Int in
                        #expect(
                            writing.update {
                                $0 += 1; return $0
                            } == 1)
                        await Task.yield()
                        writing.update { $0 -= 1 }
                        return (table.numbers["a"] ?? 0) + 1
                    } following: { table, next in
                        table.numbers["a"] = next
                        return ["a"]
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(registry.table.numbers["a"] == 50)
        #expect(told.value.count == 50)
    }

    @Test(.timeLimit(.minutes(1)))
    func changesOfSingleThingsGoSideBySide() async throws {
        let registry = try await open()
        let writing = Snapshot(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await registry.changeOne { () throws(StoreError) in
                        writing.update { $0 += 1 }
                        while writing.value < 20 { await Task.yield() }
                    } following: { table, _ in
                        table.numbers["\(number)"] = number
                        return ["\(number)"]
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(registry.table.numbers.count == 20 && told.value.count == 20)
    }

    /// A refresh waits for changes under way, and changes wait for a refresh: else it would overwrite a change that it
    /// has not read.
    @Test func refreshOverwritesNoChangeThatItHasNotRead() async throws {
        let registry = try await open()
        let shelf = shelf
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await registry.changeOne { () throws(StoreError) in
                        await Task.yield()
                        shelf.put("\(number)", number)
                        await Task.yield()
                    } following: { table, _ in
                        table.numbers["\(number)"] = number
                        return ["\(number)"]
                    }
                }
                if number.isMultiple(of: 10) { group.addTask { try await registry.refresh() } }
            }
            try await group.waitForAll()
        }
        #expect(registry.table.numbers.count == 200)
    }

    @Test func aWriteThatFailsChangesNothingAndTellsNothing() async throws {
        let registry = try await open()
        try await put("a", 1, in: registry)
        let before = registry.generation
        await #expect(throws: StoreError.self) {
            try await registry.change { _ throws(StoreError) in
                throw .missing
            } following: { table, _ in
                table.numbers = [:]
                return ["a"]
            }
        }
        #expect(registry.table.numbers == ["a": 1])
        #expect(told.value == ["a"])
        #expect(registry.generation == before)
    }

    @Test func everyObserverHearsOfEveryChangeWhenTheMemoryHasIt() async throws {
        let registry = try await open()
        let second = Snapshot<[Int?]>([])
        registry.observe { [weak registry] name in
            second.update { $0.append(registry?.table.numbers[name]) }
        }
        try await put("a", 1, in: registry)
        try await put("b", 2, in: registry)
        #expect(told.value == ["a", "b"])
        #expect(second.value == [1, 2])
    }

    @Test func aSnapshotDoesNotChangeUnderItsReader() async throws {
        let registry = try await open()
        let (before, generation) = (registry.table, registry.generation)
        try await put("a", 1, in: registry)
        #expect(before.numbers.isEmpty)
        #expect(registry.generation > generation)
    }

    @Test func refreshTakesWhatOthersWroteAndTellsWhatDiffers() async throws {
        let registry = try await open()
        try await put("mine", 1, in: registry)
        shelf.put("theirs", 2)
        try await registry.refresh()
        #expect(registry.table.numbers == ["mine": 1, "theirs": 2])
        #expect(told.value == ["mine", "theirs"])
    }

    @Test func refreshReadsNothingWhereAReadingBeganAfterTheGeneration() async throws {
        let registry = try await open()
        let stale = registry.generation
        try await registry.refresh(since: stale)
        #expect(shelf.readings == 2)
        try await registry.refresh(since: stale)
        #expect(shelf.readings == 2, "one reading serves all who saw the same")
        try await registry.refresh(since: registry.generation)
        #expect(shelf.readings == 3)
        try await registry.refresh()
        #expect(shelf.readings == 4)
    }

    @Test func aRefreshThatFailsLeavesTheMemoryAsItWas() async throws {
        let registry = try await open()
        try await put("a", 1, in: registry)
        shelf.goAway()
        let stale = registry.generation
        await #expect(throws: StoreError.self) { try await registry.refresh(since: stale) }
        await #expect(throws: StoreError.self) { try await registry.refresh(since: stale) }
        #expect(registry.table.numbers == ["a": 1])
        #expect(shelf.readings == 3, "what failed is tried again")
    }
}
