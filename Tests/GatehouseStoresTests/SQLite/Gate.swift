import Foundation
import GatehouseCore

@testable import GatehouseStores

/// Holds the writer until enough jobs have collected behind it, so that a test decides which share a commit.
final class Gate: Sendable {
    private let store: SQLiteStore
    private let semaphore = DispatchSemaphore(value: 0)
    private let held: Task<Void, any Error>

    /// Returns as soon as the writer is held and nothing else is queued.
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

    /// Returns as soon as `count` jobs are queued behind the one that holds the writer.
    func gathered(_ count: Int) async {
        while store.writer.queuedJobs < count { await Task.yield() }
    }

    /// Releases the writer as soon as `count` jobs are queued.
    func open(once count: Int) async {
        await gathered(count)
        semaphore.signal()
        _ = try? await held.value
    }
}
