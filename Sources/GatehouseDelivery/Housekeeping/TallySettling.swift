internal import GatehouseCore

/// Records the counts in memory, each tally in a commit of its own.
struct TallySettling: Sendable {
    static let interval = Duration.seconds(60)

    let tallies: [any Tally]
    let clock: any WallClock

    /// One turn for each. A tally that fails is tried again at the next turn; the others continue.
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
