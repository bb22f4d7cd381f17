internal import GatehouseCore

/// Decides how long the answer to a wrong credential waits: longer with each one from the same address. It has no side
/// effects, so a table can test it.
struct GuessBrake: Sendable {
    /// The decision about the answer.
    enum Decision: Hashable, Sendable {
        /// It waits so long; for zero it is sent at once.
        case wait(Duration)
        /// Too many wait already: the answer is 429 at once.
        case refuse
    }

    private struct Record {
        /// How many wrong credentials came, up to ``mostFailures``.
        var failures = 0
        var last: Instant
        var waiting = 0
    }

    private let settings: GuessSettings
    private var records: [String: Record] = [:]
    /// How many answers are held back now.
    private(set) var waiting = 0

    init(_ settings: GuessSettings) {
        self.settings = settings
    }

    /// How many addresses are remembered.
    var addresses: Int { records.count }

    /// Records a wrong credential. If its answer waits longer than zero, ``end(_:)`` must follow.
    mutating func fail(_ address: String, at now: Instant) -> Decision {
        if records[address] == nil { makeRoom(at: now) }
        var record = records[address] ?? Record(last: now)
        // A clock that was set back makes no caller wait longer.
        if now - record.last >= settings.memory { record.failures = 0 }
        let wait = wait(after: record.failures)
        record.failures = min(record.failures + 1, Self.mostFailures)
        record.last = now
        defer { records[address] = record }
        guard wait > .zero else { return .wait(.zero) }
        guard record.waiting < settings.waitingPerAddress, waiting < settings.waiting else { return .refuse }
        record.waiting += 1
        waiting += 1
        return .wait(wait)
    }

    /// Records that a waiting answer was sent.
    mutating func end(_ address: String) {
        waiting -= 1
        records[address]?.waiting -= 1
    }

    /// Zero for the first failure, then the first wait, doubled with each failure up to the longest wait.
    private func wait(after failures: Int) -> Duration {
        guard failures > 0 else { return .zero }
        var wait = settings.firstWait
        for _ in 1..<failures where wait < settings.longestWait { wait = wait * 2 }
        return min(wait, settings.longestWait)
    }

    /// After so many failures, doubling reaches the longest wait from every first wait above zero.
    private static let mostFailures = 64

    /// Forgets the addresses whose memory time is over. If that makes no room, it forgets half of the addresses without
    /// waiting answers, oldest failure first, so that this is rarely done.
    private mutating func makeRoom(at now: Instant) {
        guard records.count >= settings.addresses else { return }
        records = records.filter { $0.value.waiting > 0 || now - $0.value.last < settings.memory }
        guard records.count >= settings.addresses else { return }
        let idle = records.filter { $0.value.waiting == 0 }.sorted { $0.value.last < $1.value.last }
        for (address, _) in idle.prefix(max(1, idle.count / 2)) { records[address] = nil }
    }
}
