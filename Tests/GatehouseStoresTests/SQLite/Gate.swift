import Foundation
import GatehouseCore

@testable import GatehouseStores

/// Holds the writer up until enough has gathered behind it, so that a test decides what shares a commit.
final class Gate: Sendable {
    private let store: SQLiteStore
    private let semaphore = DispatchSemaphore(value: 0)
    private let held: Task<Void, any Error>

    /// Returns once the writer is held up and nothing else is queued.
    init(shutting store: SQLiteStore) async {
        let semaphore = semaphore
        let (reached, mark) = AsyncStream<Void>.makeStream()
        self.store = store
        held = Task {
            try await store.write(.applyChange) { _ in
                mark.finish()
                semaphore.wait()
            }
        }
        for await _ in reached {}
    }

    /// Returns once `count` jobs are queued behind the one that holds the writer.
    func gathered(_ count: Int) async {
        while store.writer.queuedJobs < count { await Task.yield() }
    }

    /// Lets the writer go on once `count` jobs are queued.
    func open(once count: Int) async {
        await gathered(count)
        semaphore.signal()
        _ = try? await held.value
    }
}
