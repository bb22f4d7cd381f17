/// What a contract promises when a receiver fails: when to come again, and what 410 means.
public struct RetryPromise: Hashable, Sendable {
    /// The delays before the 2nd, 3rd … try; after the last one the delivery is dead.
    public let delays: [Duration]
    /// The same for urgent deliveries.
    public let urgentDelays: [Duration]
    /// By how much a delay may be longer or shorter, as a part of itself, so that retries do not march in step.
    public let jitter: Double
    /// Whether 410 Gone disables the subscription.
    public let goneDisables: Bool
    /// How many deliveries may wait for a subscription before new ones are dropped; nil where none ever is.
    public let buffer: Int?
    /// Whether the contract says how many tries there are, or tells the receiver which one this is: a try that is lost
    /// to a connection which the other end had closed is then one less.
    public let countsTries: Bool

    /// Describes a promise.
    public init(
        delays: [Duration], urgentDelays: [Duration]? = nil, jitter: Double, goneDisables: Bool, buffer: Int? = nil,
        countsTries: Bool = false
    ) {
        self.buffer = buffer
        self.countsTries = countsTries
        self.delays = delays
        self.urgentDelays = urgentDelays ?? delays
        self.jitter = jitter
        self.goneDisables = goneDisables
    }

    /// Ours: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, then three times 24 h, about four days, longer than
    /// a weekend. Urgent: 1 s, 2 s, 5 s, 15 s, 1 min, then as above from 2 min on. Each a fifth longer or shorter.
    public static let standard: RetryPromise = {
        let late: [Duration] = [120, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 86_400, 86_400].map {
            .seconds($0)
        }
        let normal: [Duration] = [.seconds(5), .seconds(30)]
        let urgent: [Duration] = [1, 2, 5, 15, 60].map { .seconds($0) }
        return RetryPromise(delays: normal + late, urgentDelays: urgent + late, jitter: 0.2, goneDisables: true)
    }()
}

/// Whose promise holds for a subscription.
public enum Promise: String, Hashable, Sendable, CaseIterable {
    /// Ours: nothing is lost, and tries go on for days.
    case durable
    /// The vendor's own, as its contract has it, losses included.
    case vendor
}
