import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Synchronization
import Testing

/// The queue in front of the threads for heavy work.
@Suite(.timeLimit(.minutes(1))) struct HeavyWorkTests {
    private static let large = HeavyWork.begins

    private func until(_ condition: () -> Bool) async { while !condition(), !Task.isCancelled { await Task.yield() } }

    /// Records the callers, and holds all work until a test releases it.
    private final class Queue: Sendable {
        private let came = Mutex<[Int]>([])
        private let served = Mutex<Set<Int>>([])

        var order: [Int] { came.withLock { $0 } }

        func serve(_ number: Int) { served.withLock { _ = $0.insert(number) } }

        func come(_ number: Int) async {
            came.withLock { $0.append(number) }
            while !served.withLock({ $0.contains(number) }), !Task.isCancelled { await Task.yield() }
        }
    }

    @Test func smallWorkStaysWhereItIs() async throws {
        let threads = StandingThreads()
        #expect(try await HeavyWork(on: threads).run(on: Self.large - 1) { 7 } == 7)
        #expect(threads.held == 0)
    }

    @Test func heavyWorkIsDoneOnTheThreadsAndWhatFollowsIsNot() async throws {
        let threads = StandingThreads()
        threads.letGo()
        func isThere() -> Bool {
            withUnsafeCurrentTask { $0?.unownedTaskExecutor == threads.asUnownedTaskExecutor() }
        }
        let within = try await HeavyWork(on: threads).run(on: Self.large) {
            await Task.yield()
            return isThere()
        }
        #expect(within && !isThere())
    }

    @Test func firstComeFirstServed() async throws {
        let threads = StandingThreads()
        threads.letGo()
        let (work, queue) = (HeavyWork(on: threads), Queue())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask { try await work.run(on: Self.large) { await queue.come(number) } }
                // Each is queued, or running, before the next comes.
                await until { queue.order.count + work.waiting == number + 1 }
            }
            #expect(queue.order.count == HeavyWork.places && work.waiting == 5 - HeavyWork.places)
            for number in 0..<5 {
                queue.serve(number)
                await until { queue.order.count == min(5, number + 1 + HeavyWork.places) }
            }
            try await group.waitForAll()
        }
        #expect(queue.order.dropFirst(HeavyWork.places).elementsEqual(HeavyWork.places..<5), "\(queue.order)")
        #expect(work.waiting == 0)
    }

    @Test func cancelledWaiterLeavesTheQueueAtOnce() async throws {
        let threads = StandingThreads()
        let work = HeavyWork(on: threads)
        let atWork = (0..<HeavyWork.places).map { _ in Task { try await work.run(on: Self.large) {} } }
        await until { threads.held == HeavyWork.places }
        let waiter = Task { try await work.run(on: Self.large) {} }
        await until { work.waiting == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(work.waiting == 0 && threads.held == HeavyWork.places, "the threads stand still as before")
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await work.run(on: Self.large) {}
        }
        await #expect(throws: CancellationError.self) { try await late.value }
        threads.letGo()
        for task in atWork { try await task.value }
        #expect(try await work.run(on: Self.large) { 7 } == 7, "every place was given back")
    }

    @Test func workThatThrowsReleasesItsPlace() async throws {
        let threads = StandingThreads()
        threads.letGo()
        let work = HeavyWork(on: threads)
        for _ in 0...HeavyWork.places {
            await #expect(throws: ValidationError.self) {
                try await work.run(on: Self.large) { throw ValidationError(.malformed, "no") }
            }
        }
    }

    @Test func nestedWorkNeedsNoOtherPlace() async throws {
        let threads = StandingThreads()
        threads.letGo()
        let work = HeavyWork(on: threads)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<(3 * HeavyWork.places) {
                group.addTask {
                    try await work.run(on: Self.large) {
                        await Task.yield()
                        try await work.run(on: Self.large) {}
                        // Work that continues by itself is not part of it.
                        try await Task { try await HeavyWork(on: threads).run(on: Self.large) {} }.value
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aWeightIsCountedUpToABound() throws {
        let small: JSON = ["a": "bcd", "l": [1, true, JSON.null], "o": ["x": 25]]
        #expect((small.bytes.count / 2...small.bytes.count * 2).contains(small.weight()))
        let large = JSON.array((0..<10_000).map { .string("\($0)") })
        #expect(large.weight(upTo: .max) >= large.bytes.count / 2)
        #expect((1000..<1100).contains(large.weight(upTo: 1000)))
    }
}
