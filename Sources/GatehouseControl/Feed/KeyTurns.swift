internal import GatehouseCore
internal import Synchronization

/// Lets the requests of one key do costly work one after the other, so that a key takes one core at most. Other keys do
/// not wait for it.
final class KeyTurns: Sendable {
    private struct Line {
        let turns = AsyncMutex()
        var count = 0
    }

    /// The keys that are in line at present; a key that is done is forgotten.
    private let lines = Mutex<[KeyID: Line]>([:])

    /// How many keys are in line.
    var keys: Int { lines.withLock { $0.count } }

    /// Does the work when the key's turn has come. The work must not ask for a turn of its own.
    func take<Value: Sendable, Failure: Error>(
        of key: KeyID, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let turns = lines.withLock { lines in
            lines[key, default: Line()].count += 1
            return lines[key, default: Line()].turns
        }
        defer {
            lines.withLock { lines in
                lines[key]?.count -= 1
                if lines[key]?.count == 0 { lines[key] = nil }
            }
        }
        return try await turns.take(work)
    }
}
