/// What a contract promises when a receiver fails: when it retries, and what 410 means.
public struct RetryPromise: Hashable, Sendable {
    /// The delays before the 2nd, 3rd … attempt; after the last one the delivery is dead.
    public let delays: [Duration]
    /// The delays of urgent deliveries.
    public let urgentDelays: [Duration]
    /// The random part of a delay, as a share of it, up or down, so that retries spread over time.
    public let jitter: Double
    /// Whether 410 Gone disables the subscription.
    public let goneDisables: Bool
    /// How many deliveries may wait for a subscription before new ones are dropped; nil if none is ever dropped.
    public let buffer: Int?
    /// Whether the contract limits the number of attempts, or tells the receiver the attempt's number: then an attempt
    /// that is lost on a connection that the other end had closed is one less.
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

/// Which promise a subscription gets.
public enum Promise: String, Hashable, Sendable, CaseIterable {
    /// Ours: no delivery is lost, and attempts continue for days.
    case durable
    /// The vendor's own, as in its contract, with its losses.
    case vendor
}
