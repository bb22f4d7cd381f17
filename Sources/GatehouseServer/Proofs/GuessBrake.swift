internal import GatehouseCore

/// Says how long the answer to a wrong credential waits: longer with each one from the same address. Pure, so that it
/// can be tested by a table.
struct GuessBrake: Sendable {
    /// What becomes of the answer.
    enum Decision: Hashable, Sendable {
        /// It waits so long; where that is nothing, it is given at once.
        case wait(Duration)
        /// Too many wait already: it is 429, at once.
        case refuse
    }

    private struct Record {
        /// How many wrong credentials came, as far as they make a difference.
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

    /// Takes down a wrong credential. Where its answer is to wait for longer than nothing, ``end(_:)`` must follow.
    mutating func fail(_ address: String, at now: Instant) -> Decision {
        if records[address] == nil { makeRoom(at: now) }
        var record = records[address] ?? Record(last: now)
        // A clock that was set back makes nobody wait for longer.
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

    /// Takes down that an answer was given that had waited.
    mutating func end(_ address: String) {
        waiting -= 1
        records[address]?.waiting -= 1
    }

    /// Nothing after the first, then the first wait, doubled with each failure until it is the longest.
    private func wait(after failures: Int) -> Duration {
        guard failures > 0 else { return .zero }
        var wait = settings.firstWait
        for _ in 1..<failures where wait < settings.longestWait { wait = wait * 2 }
        return min(wait, settings.longestWait)
    }

    /// Beyond so many, doubling changes nothing for any first wait that can be told from nothing.
    private static let mostFailures = 64

    /// Forgets who is to be forgotten; where that makes no room, half of those whose answers do not wait, the quietest
    /// first, so that it is done once for many.
    private mutating func makeRoom(at now: Instant) {
        guard records.count >= settings.addresses else { return }
        records = records.filter { $0.value.waiting > 0 || now - $0.value.last < settings.memory }
        guard records.count >= settings.addresses else { return }
        let idle = records.filter { $0.value.waiting == 0 }.sorted { $0.value.last < $1.value.last }
        for (address, _) in idle.prefix(max(1, idle.count / 2)) { records[address] = nil }
    }
}
