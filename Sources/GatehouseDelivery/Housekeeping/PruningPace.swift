internal import GatehouseCore

/// How many rows one slice of pruning deletes, and how long the writer is free for others after it.
///
/// A slice takes about two milliseconds of the writer's time, by the time that the last ones took. The pause is long at
/// first, so that a small backlog is deleted gently; while slices come back full, it gets shorter, so that a large one
/// is deleted faster. It is never shorter than a slice works: at least half of the writer's time is for others.
struct PruningPace: Hashable {
    /// How long a slice should take.
    static let aim = Duration.milliseconds(2)
    /// How many rows a slice may delete.
    static let bounds = 50...2000
    static let longestPause = Duration.milliseconds(10)
    static let shortestPause = Duration.milliseconds(1)
    /// After how many full slices in a row the pause is halved.
    static let patience = 50

    private(set) var slice = 100
    private(set) var pause = Self.longestPause
    private var least = Self.longestPause
    private var full = 0
    /// The seconds that a row takes: by the quickest of the last slices, because a slice also waits for others.
    private var cost: Double?

    /// Notes a slice that deleted so many rows.
    mutating func note(_ taken: Int, in duration: Duration) {
        defer { pause = max(least, .microseconds(Int64((cost ?? 0) * Double(slice) * 1_000_000))) }
        // What is not full says little about the time that a row takes: most of it was the search.
        guard taken >= slice else { return (full, least) = (0, Self.longestPause) }
        full += 1
        if full % Self.patience == 0 { least = max(least / 2, Self.shortestPause) }
        let measured = max(duration.inSeconds, 1e-6) / Double(slice)
        let cost = min(measured, self.cost.map { $0 * 1.1 } ?? measured)
        self.cost = cost
        // A factor of two at most, because one slice says little.
        let next = min(max(Self.aim.inSeconds / cost, Double(slice) / 2), Double(slice) * 2)
        slice = min(max(Int(next.rounded()), Self.bounds.lowerBound), Self.bounds.upperBound)
    }
}
