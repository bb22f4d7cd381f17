package import GatehouseCore
internal import Synchronization

/// All of one noun, arranged for those who ask for it: what a ``Registry`` holds one snapshot of.
package protocol RegistryTable: Sendable {
    /// Names one thing of the table; observers get these names.
    associatedtype Name: Sendable

    /// Takes what the store has in the place of what is here.
    ///
    /// - Returns: the names of all that differ.
    mutating func replace(by stored: Self) -> [Name]
}

/// Counts how often a registry's memory was changed or read again; a later state has a higher one.
package struct Generation: Hashable, Comparable, Sendable {
    private var number = 0

    /// Before anything was read.
    static let none = Generation()

    mutating func advance() { number += 1 }

    package static func < (left: Generation, right: Generation) -> Bool { left.number < right.number }
}

/// What the gateway holds in memory of one noun, because every request asks for it and few change it, and the one way
/// to change it.
///
/// Readers get a whole, unchanging snapshot and wait for no writer. A change goes to the store first, then to the
/// memory, then to the observers. A change of the whole table comes alone, in its turn (``change(_:following:)``);
/// changes of single things go side by side (``changeOne(_:following:)``), so that they share commits and one slow
/// commit delays no other. What other gateways on the same store have changed is learned by ``refresh(since:)``, and
/// nowhere else.
package final class Registry<Table: RegistryTable>: Sendable {
    /// Reads the whole table from the store.
    package typealias Load = @Sendable () async throws(StoreError) -> Table
    /// Is called after each change. It must not wait.
    package typealias Observer = @Sendable (Table.Name) -> Void

    private struct State {
        var table: Table
        var generation = Generation.none
        /// When the last reading began that has ended.
        var read = Generation.none
        /// Whether a change may be in the store whose answer was lost, so that the memory may lack it.
        var isDoubtful = false
    }

    private let load: Load
    private let state: Snapshot<State>
    private let writers = AsyncMutex()
    private let observers = Mutex<[Observer]>([])

    /// Reads the table for the first time. - Throws: what the reading throws.
    package init(loading load: @escaping Load) async throws(StoreError) {
        self.load = load
        self.state = Snapshot(State(table: try await load()))
    }

    /// Everything as it is now; it does not change under the reader.
    package var table: Table { state.value.table }

    /// The generation of ``table``.
    package var generation: Generation { state.value.generation }

    /// Adds an observer. There may be many; none is ever taken out.
    package func observe(_ observer: @escaping Observer) { observers.withLock { $0.append(observer) } }

    /// Makes a change durable by `write`, beside no other, and follows it in memory. The work must not ask this
    /// registry for another.
    ///
    /// - Parameters:
    ///   - write: makes the change durable; it is handed the table as it is when its turn has come.
    ///   - follow: makes the same change in memory, and returns the names of what it changed.
    /// - Throws: what `write` throws. The memory then is as the store is: where the answer was lost, the table was read
    ///   again, or is before the next change.
    package func change<Result: Sendable>(
        _ write: (Table) async throws(StoreError) -> Result, following follow: (inout Table, Result) -> [Table.Name]
    ) async throws(StoreError) -> Result {
        try await settleDoubt()
        do throws(StoreError) {
            return try await writers.take { () async throws(StoreError) -> Result in
                let result = try await write(table)
                publish { follow(&$0, result) }
                return result
            }
        } catch {
            await doubt(after: error)
            throw error
        }
    }

    /// Makes a change of a single thing durable by `write`, beside other such changes, and follows it in memory. The
    /// store refuses one of two changes that contradict each other.
    ///
    /// - Parameters:
    ///   - write: makes the change durable.
    ///   - follow: makes the same change in memory, also if two changes arrive in the other order than the store made
    ///     them; returns the names of what it changed.
    /// - Throws: what ``change(_:following:)`` throws.
    package func changeOne<Result: Sendable>(
        _ write: () async throws(StoreError) -> Result, following follow: (inout Table, Result) -> [Table.Name]
    ) async throws(StoreError) -> Result {
        try await settleDoubt()
        do throws(StoreError) {
            return try await writers.share { () async throws(StoreError) -> Result in
                let result = try await write()
                publish { follow(&$0, result) }
                return result
            }
        } catch {
            await doubt(after: error)
            throw error
        }
    }

    /// A store that was away may have made the change and lost the answer. Other errors say that it made none.
    private func doubt(after error: StoreError) async {
        guard case .unavailable = error else { return }
        state.update { $0.isDoubtful = true }
        try? await refresh()
    }

    /// Reads the table again if a change may be in the store that the memory lacks; otherwise does nothing.
    ///
    /// - Throws: what the reading throws; then the doubt stays.
    func settleDoubt() async throws(StoreError) {
        if state.value.isDoubtful { try await refresh() }
    }

    /// Reads the table again, because the store may know more than the memory: another gateway changed it, or a change
    /// of our own came about though its answer was an error.
    ///
    /// - Parameter known: the generation that is too old; nothing is read where a reading began after it. Nil reads in
    ///   any case. The store numbers no changes of its own, so all of the table is read.
    /// - Throws: what the reading throws; then the memory is as it was.
    package func refresh(since known: Generation? = nil) async throws(StoreError) {
        try await writers.take { () async throws(StoreError) -> Void in
            if let known, state.value.read > known { return }
            let began = state.update { state in
                state.generation.advance()
                return state.generation
            }
            let stored = try await load()
            state.update { state in
                state.read = began
                state.isDoubtful = false
            }
            publish { $0.replace(by: stored) }
        }
    }

    private func publish(_ change: (inout Table) -> [Table.Name]) {
        let names = state.update { state in
            state.generation.advance()
            return change(&state.table)
        }
        let observers = observers.withLock { $0 }
        for name in names {
            for observer in observers { observer(name) }
        }
    }
}
