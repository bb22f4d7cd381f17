package import GatehouseCore
internal import Synchronization

/// Lines of the audit for what may happen a thousand times a second: what is the same in all but its time is one line a
/// turn, with a count.
///
/// Counting writes nothing. Housekeeping writes the turns that are over, a reader of the audit has the present ones
/// written first, and an orderly end writes all. A gateway that is killed loses one turn at most.
package final class AuditTally: Tally {
    private struct Count {
        var number = 0
        var first: Instant
        var last: Instant

        mutating func add(_ other: Count) {
            number += other.number
            first = min(first, other.first)
            last = max(last, other.last)
        }
    }

    private let store: any AuditStore
    private let turn: Duration
    private let lines: Int
    /// What was counted. A line's time is the beginning of its turn.
    private let counts = Mutex<[AuditEntry: Count]>([:])

    /// Begins with nothing. `turn` is how long what is the same shares one line, `lines` how many lines are kept apart
    /// at once; what comes beyond them is counted without its details.
    package init(store: any AuditStore, turn: Duration, lines: Int) {
        self.store = store
        self.turn = turn
        self.lines = lines
    }

    /// Counts what an entry tells of.
    package func note(_ entry: AuditEntry, count number: Int = 1) {
        let count = Count(number: number, first: entry.time, last: entry.time)
        var line = entry
        line.time = beginning(of: entry.time)
        counts.withLock { counts in
            if counts[line] == nil, counts.count >= lines { line = Self.rest(of: line) }
            counts[line, default: Count(first: count.first, last: count.last)].add(count)
        }
    }

    /// Writes down what the present turn has come to, all in one commit.
    package func settle(_ scope: TallyScope, at now: Instant) async throws(StoreError) {
        let due = counts.withLock { counts in
            let due = counts.filter { line, _ in
                switch scope {
                case .all: true
                case .ended: line.time + turn <= now
                }
            }
            for line in due.keys { counts[line] = nil }
            return due
        }
        guard !due.isEmpty else { return }
        do {
            try await store.note(due.map(Self.entry).sorted { ($0.time, $0.id) < ($1.time, $1.id) })
        } catch {
            counts.withLock { counts in
                for (line, count) in due {
                    counts[line, default: Count(first: count.first, last: count.last)].add(count)
                }
            }
            throw error
        }
    }

    private func beginning(of time: Instant) -> Instant {
        Instant(microseconds: time.microseconds - time.microseconds % max(1, turn.microseconds))
    }

    private static func entry(_ line: AuditEntry, _ count: Count) -> AuditEntry {
        var entry = line
        entry.time = count.last
        entry.details["count"] = .integer(count.number)
        entry.details["since"] = .string(RFC3339.text(count.first))
        return entry
    }

    /// The line of those that have no place of their own: what happened where, and nothing of who and to whom.
    private static func rest(of line: AuditEntry) -> AuditEntry {
        let unknown = AuditEntry.Actor(key: nil)
        return AuditEntry(line.action, line.sort, line.id, of: nil, by: unknown, at: line.time)
    }
}
