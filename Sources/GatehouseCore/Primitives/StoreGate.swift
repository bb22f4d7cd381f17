/// What every operation of a store passes, on its way in and out. It may refuse it, hold it up or measure it.
///
/// The product measures there; a test makes operations fail there, and so no other type needs to imitate a store.
public protocol StoreGate: Sendable {
    /// Does an operation's work and returns its answer, or throws in its place.
    func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer

    /// For how long the commit is held up after the caller of an operation was answered; nil where the caller is
    /// answered after the commit, as each must be.
    ///
    /// Only the gateway that the crash test must find guilty gives a time.
    func commitDelay(after operation: StoreOperation) -> Duration?
}

extension StoreGate {
    /// Each caller is answered after the commit.
    public func commitDelay(after operation: StoreOperation) -> Duration? { nil }
}

/// A gate that lets everything through.
public struct OpenGate: StoreGate {
    /// Makes one.
    public init() {}

    /// Does the work.
    public func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer { try await work() }
}
