/// What a demo was asked to do.
struct DemoPlan: Sendable {
    /// Events per second, on average.
    var rate = 2.0
    /// How long events are produced; nil until the user ends the demo.
    var duration: Duration?
    /// Whether the demo checks itself: one receiver goes away midway, and everything owed must arrive.
    var isCheck = false
    /// The gateway's port; 0 for any free port.
    var port = 8080
    /// The store's URL; nil for a file that is removed afterwards.
    var store: String?
    /// The file of the first events; nil for the seeds' examples, if they are found.
    var events: String?
    /// The seed of the simulated day.
    var seed: UInt64 = 1

    /// How long a check waits, after production has ended, for owed deliveries.
    static let patience = Duration.seconds(60)
    /// How long a demo that the user ends waits for owed deliveries.
    static let shortPatience = Duration.seconds(5)
    /// The seconds between the attempts of a delivery: short, so that a returning receiver is noticed soon.
    static let retries: [Int64] = [1, 1, 2, 2, 5, 5, 10, 10, 30, 60, 120]

    /// When the receiver goes away, and for how long.
    var outage: (after: Duration, length: Duration)? {
        guard isCheck, let duration else { return nil }
        return (duration * 0.35, max(.seconds(2), duration * 0.25))
    }
}
