package import GatehouseCore
internal import Synchronization

/// A gate with which a test makes a store's operations fail or wait. Without faults, every operation passes.
package final class FaultGate: StoreGate {
    /// The moment of an operation at which the fault occurs.
    package enum Moment: String, CaseIterable, Sendable {
        /// The operation never reaches the store.
        case before
        /// The store carries out the operation, and its answer is lost.
        case after
    }

    /// One operation that is to fail.
    private struct Plan {
        let number: Int
        let moment: Moment
        let operations: Set<StoreOperation>
    }

    private struct State {
        var calls = 0
        var fault: Plan?
        var isAway = false
        var holds: [StoreOperation: @Sendable () async -> Void] = [:]
        var refusals: [StoreOperation: StoreError] = [:]
        var counts: [StoreOperation: Int] = [:]
    }

    private let state = Mutex(State())

    /// Makes a gate that lets every operation pass.
    package init() {}

    /// Counts the operations from here on, and fails one of them.
    ///
    /// - Parameters:
    ///   - number: which one fails, from 1.
    ///   - operations: which ones are counted; all by default.
    package func fail(
        call number: Int, _ moment: Moment = .before, of operations: Set<StoreOperation> = Set(StoreOperation.allCases)
    ) {
        state.withLock { state in
            state.calls = 0
            state.fault = Plan(number: number, moment: moment, operations: operations)
        }
    }

    /// Lets every operation pass again; ``calls`` is unchanged.
    package func rest() { state.withLock { $0.fault = nil } }

    /// How many operations were counted, also failed ones. A sweep is complete when a run needs fewer operations than
    /// the number that was to fail.
    package var calls: Int { state.withLock { $0.calls } }

    /// Fails every operation from now on, before it reaches the store.
    package func goAway() { state.withLock { $0.isAway = true } }

    /// Lets operations pass again.
    package func comeBack() { state.withLock { $0.isAway = false } }

    /// Refuses every call of an operation with an error before it reaches the store; nil lets them pass again.
    package func refuse(_ operation: StoreOperation, with error: StoreError?) {
        state.withLock { $0.refusals[operation] = error }
    }

    /// How often an operation was called since the gate was made, also failed calls.
    package func count(of operation: StoreOperation) -> Int { state.withLock { $0.counts[operation, default: 0] } }

    /// Makes every call of an operation wait before it reaches the store, so that a test can run others meanwhile.
    package func hold(_ operation: StoreOperation, until wait: @escaping @Sendable () async -> Void) {
        state.withLock { $0.holds[operation] = wait }
    }

    /// Does the work, unless it is to fail.
    package func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        await state.withLock { $0.holds[operation] }?()
        let strikes = try state.withLock { state throws(StoreError) in try Self.count(operation, &state) }
        if strikes == .before { throw .unavailable("the store was made to fail before the call") }
        let answer = try await work()
        if strikes == .after { throw .unavailable("the store was made to fail after the call") }
        return answer
    }

    /// Counts an operation and returns when it fails, if it does.
    private static func count(_ operation: StoreOperation, _ state: inout State) throws(StoreError) -> Moment? {
        state.counts[operation, default: 0] += 1
        if let error = state.refusals[operation] { throw error }
        if state.isAway { throw .unavailable("the store is away") }
        guard let fault = state.fault else {
            state.calls += 1
            return nil
        }
        guard fault.operations.contains(operation) else { return nil }
        state.calls += 1
        return state.calls == fault.number ? fault.moment : nil
    }
}
