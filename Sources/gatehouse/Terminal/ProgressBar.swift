/// Shows the progress of a long command: in place on a terminal, elsewhere as a line at intervals, so that a job's log
/// shows that it goes on.
struct ProgressBar {
    private let descriptor: Descriptor
    private let total: Int?
    private let isShown: Bool
    private let clock: () -> ContinuousClock.Instant
    private var drawn = ""
    private var told: ContinuousClock.Instant

    /// The time between two lines if the output is not a terminal.
    static let interval = Duration.seconds(5)
    /// The delay before the bar on a terminal: shorter work needs no bar.
    static let patience = Duration.milliseconds(500)

    /// A bar for this many bytes; nil if the number is unknown.
    ///
    /// - Parameter begin: when the work began, if that was before now: nothing was shown since then.
    init(
        total: Int?, on descriptor: Descriptor = .errors, since begin: ContinuousClock.Instant? = nil,
        clock: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.descriptor = descriptor
        self.clock = clock
        self.told = begin ?? clock()
        self.total = total
        self.isShown = descriptor.isTerminal
    }

    /// Shows the elapsed time of work whose share is unknown, until the work ends.
    ///
    /// - Parameter note: the work, such as "verifying the audit's chain".
    static func during<Value: Sendable>(_ note: String, _ work: () async throws -> Value) async rethrows -> Value {
        let showing = Task {
            var bar = ProgressBar(total: nil)
            let begin = ContinuousClock.now
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                bar.show(bytes: 0, note: "\(note), \((ContinuousClock.now - begin).components.seconds) s so far")
            }
            bar.clear()
        }
        do {
            let value = try await work()
            showing.cancel()
            await showing.value
            return value
        } catch {
            showing.cancel()
            await showing.value
            throw error
        }
    }

    /// Draws the bar again.
    mutating func show(bytes: Int, note: String) {
        guard isShown else {
            if let line = due(bytes: bytes, note: note) { descriptor.write(line + "\n") }
            return
        }
        let line = Self.line(bytes: bytes, of: total, note: note, width: descriptor.width ?? 80)
        guard clock() - told >= Self.patience, line != drawn else { return }
        drawn = line
        descriptor.write("\r\u{1B}[K" + line)
    }

    /// The line for an output that is not a terminal; nil if the last line is too recent.
    mutating func due(bytes: Int, note: String) -> String? {
        let now = clock()
        guard now - told >= Self.interval else { return nil }
        told = now
        guard let total, total > 0 else { return note }
        return "\(min(100, Int(Double(bytes) / Double(total) * 100))) %, \(note)"
    }

    /// Removes the bar, so that the next output starts on a clean line.
    mutating func clear() {
        guard isShown, !drawn.isEmpty else { return }
        drawn = ""
        descriptor.write("\r\u{1B}[K")
    }

    /// `[████████░░░░]  61 %  1200 sent`, cut to the width.
    static func line(bytes: Int, of total: Int?, note: String, width: Int) -> String {
        guard let total, total > 0 else { return String(note.prefix(width)) }
        let part = min(1, Double(bytes) / Double(total))
        let cells = max(10, min(40, width - note.count - 12))
        let full = Int(part * Double(cells))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
        let percent = String(Int(part * 100))
        let padding = String(repeating: " ", count: 3 - percent.count)
        return String("[\(bar)] \(padding)\(percent) %  \(note)".prefix(width))
    }
}
