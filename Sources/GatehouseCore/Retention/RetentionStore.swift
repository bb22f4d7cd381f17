/// Takes out what is kept no longer.
public protocol RetentionStore: Sendable {
    /// Takes out one slice of what is older than it may be, in a transaction of its own, so short that nobody waits for
    /// it. Looking for it is no writing and holds nobody up.
    ///
    /// Safe: an event goes with all its deliveries, and only where none of them waits, is in hand or died since
    /// ``PruneOrder/deadBefore``. The audit goes up to the end of a link, which stays as the beginning of the chain.
    /// Nothing that is counted or numbered changes: positions, deliveries and subscriptions go on being numbered behind
    /// all that ever were, and what ``HistoryStore/odometers(of:)`` tells stays. Idempotent: a slice that broke off is
    /// asked for again, and several gateways may prune at once. Complete: a turn that goes on behind
    /// ``PruneSlice/next`` until there is none has taken out all that could go when it began.
    func prune(_ order: PruneOrder) async throws(StoreError) -> PruneSlice

    /// How much of the disk that the store lies on is used, 0 to 1; nil where that is not known.
    func diskShare() async -> Double?
}
