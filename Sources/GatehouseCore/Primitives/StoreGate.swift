/// Every operation of a store passes it, on its way in and out. It may refuse, delay or measure the operation.
///
/// The product measures there; a test makes operations fail there, so that no other type needs to imitate a store.
public protocol StoreGate: Sendable {
    /// Does an operation's work and returns its answer, or throws instead.
    func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer

    /// The delay of the commit after the caller of an operation got its answer; nil if the answer comes after the
    /// commit, as it always must.
    ///
    /// Only the faulty gateway that the crash test must detect gives a time.
    func commitDelay(after operation: StoreOperation) -> Duration?
}

extension StoreGate {
    /// Every caller gets its answer after the commit.
    public func commitDelay(after operation: StoreOperation) -> Duration? { nil }
}

/// A gate that does nothing.
public struct OpenGate: StoreGate {
    /// Makes a gate.
    public init() {}

    /// Does the work.
    public func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer { try await work() }
}
