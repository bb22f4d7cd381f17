/// How a receiver answers verified requests, so that a user can watch a sender's retries.
struct ReceiverMood: Sendable {
    /// The status of a failure; nil if it accepts everything.
    var failure: Int?
    /// How many requests it fails before it accepts the rest; nil for all.
    var failFirst: Int?
    /// How long it waits before each answer.
    var slow: Duration?

    /// The status of the next answer.
    mutating func nextStatus() -> Int {
        guard let failure else { return 204 }
        guard let failFirst else { return failure }
        guard failFirst > 0 else { return 204 }
        self.failFirst = failFirst - 1
        return failure
    }
}

/// The ids that were accepted recently: at least the last half of `bound` are known, so that memory stays bounded.
struct RecentIDs: Sendable {
    private let bound: Int
    private var present: Set<String> = []
    private var past: Set<String> = []

    /// Remembers up to `bound` ids.
    init(bound: Int = 200_000) {
        self.bound = bound
    }

    /// Says whether an id is remembered.
    func contains(_ id: String) -> Bool { present.contains(id) || past.contains(id) }

    /// Remembers an id.
    mutating func insert(_ id: String) {
        if present.count >= bound / 2 {
            past = present
            present = []
        }
        present.insert(id)
    }
}
