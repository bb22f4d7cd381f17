internal import GatehouseCore

/// Has written down what was counted in memory, each tally in a commit of its own.
struct TallySettling: Sendable {
    static let interval = Duration.seconds(60)

    let tallies: [any Tally]
    let clock: any WallClock

    /// One turn at each. One that fails is taken up again by the next turn; the others have theirs.
    func settle(_ scope: TallyScope) async throws(StoreError) {
        var failure: StoreError?
        for tally in tallies {
            do {
                try await tally.settle(scope, at: clock.now)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
