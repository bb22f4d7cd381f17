/// What Core may not do: it computes. Locks, caches, clocks and dice stand in the rooms above it.
enum PureRules {
    /// Whatever a file of Core holds, asks the machine for, or leaves to chance.
    static func impurities(_ file: SourceFile) -> [Finding] {
        guard file.room == "GatehouseCore" else { return [] }
        let code = file.code
        return code.indices.compactMap { place in
            let token = code[place]
            guard token.sort == .word else { return nil }
            let isActor = token.is("actor") && place + 2 < code.count && code[place + 2].is("{")
            if banned.contains(token.text) || isActor {
                return file.finding(
                    token.line,
                    "\(token.text): Core has no lock, clock or dice; take it as an argument, or go to GatehouseControl")
            }
            if chances.contains(token.text), place > 0, code[place - 1].is("."), !isGivenChance(place + 1, code) {
                return file.finding(token.line, "\(token.text) without `using:`: chance comes in as an argument")
            }
            if token.is("static") || token.is("class"), code.hasStoredVariable(at: place + 1) {
                return file.finding(token.line, "a static var is a cache: Core remembers nothing")
            }
            return nil
        }
    }

    private static let banned: Set = [
        "Mutex", "Atomic", "AsyncMutex", "Snapshot", "NSLock", "NIOLock", "OSAllocatedUnfairLock",
        "DispatchSemaphore", "DispatchQueue", "pthread_mutex_t", "nonisolated", "NSCache",
        "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock", "UUID", "Date",
    ]
    private static let chances: Set = ["random", "shuffled", "randomElement", "shuffle"]

    /// Whether the call whose bracket stands at a place is handed a generator.
    private static func isGivenChance(_ place: Int, _ code: [Token]) -> Bool {
        guard place < code.count, code[place].is("(") else { return true }
        var depth = 0
        for token in code[place...] {
            if token.is("(") { depth += 1 }
            if token.is(")") { depth -= 1 }
            if depth == 1, token.is("using") { return true }
            if depth == 0 { return false }
        }
        return false
    }
}
