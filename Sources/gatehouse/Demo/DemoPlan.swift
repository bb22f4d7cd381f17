/// What a demo was asked to do.
struct DemoPlan: Sendable {
    /// Events a second, on the average.
    var rate = 2.0
    /// How long events are produced; nil until somebody ends it.
    var duration: Duration?
    /// Whether it judges itself: one receiver goes away midway, and everything owed must arrive.
    var isCheck = false
    /// The gateway's port; 0 for any that is free.
    var port = 8080
    /// The store's URL; nil for a file that is removed afterwards.
    var store: String?
    /// The file of events that it begins with; nil for the seeds' examples, where they are found.
    var events: String?
    /// What the simulated day is drawn from.
    var seed: UInt64 = 1

    /// How long a check waits for what is owed when production has ended.
    static let patience = Duration.seconds(60)
    /// How long a demo that is ended by hand waits for it.
    static let shortPatience = Duration.seconds(5)
    /// The seconds between the tries of a delivery: short, so that a receiver that comes back is noticed soon.
    static let retries: [Int64] = [1, 1, 2, 2, 5, 5, 10, 10, 30, 60, 120]

    /// When the receiver goes away, and for how long.
    var outage: (after: Duration, length: Duration)? {
        guard isCheck, let duration else { return nil }
        return (duration * 0.35, max(.seconds(2), duration * 0.25))
    }
}
