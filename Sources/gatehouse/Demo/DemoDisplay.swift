import GatehouseCore
import Synchronization

/// The demo's output: on a terminal a table that is redrawn in place, elsewhere a line at intervals.
final class DemoDisplay: Sendable {
    private let descriptor: Descriptor
    private let drawn = Mutex(0)

    /// The time between two drawings on a terminal, and between two lines elsewhere.
    let interval: Duration

    /// A display on a descriptor.
    init(on descriptor: Descriptor = .output) {
        self.descriptor = descriptor
        self.interval = descriptor.isTerminal ? .milliseconds(500) : .seconds(3)
    }

    /// Shows the current figures.
    func show(_ board: Scoreboard.Figures, _ gateway: GatewayFigures, after time: Duration) {
        guard descriptor.isTerminal else {
            descriptor.write(Self.line(board, gateway, after: time) + "\n")
            return
        }
        let text = Self.table(board, gateway, after: time, width: descriptor.width ?? 80)
        drawn.withLock { lines in
            // Move to the first line of the last table, and clear everything below.
            let back = lines > 0 ? "\u{1B}[\(lines)A\u{1B}[J" : ""
            descriptor.write(back + text)
            lines = text.count { $0 == "\n" }
        }
    }

    /// One line for a log.
    static func line(_ board: Scoreboard.Figures, _ gateway: GatewayFigures, after time: Duration) -> String {
        let receivers = board.tallies.sorted { $0.key < $1.key }.map { name, tally in
            "\(name)\(tally.isAway ? " (away)" : ""): verified \(tally.verified), duplicates \(tally.duplicates), "
                + "bad \(tally.bad), missing \(tally.missing.count)"
        }
        let figures =
            "accepted \(board.accepted), delivered \(gateway.delivered), retried \(gateway.retried), "
            + "waiting \(gateway.waiting)"
        return "\(Int(time.inSeconds)) s: \(figures); \(receivers.joined(separator: "; "))"
    }

    /// The table for people.
    static func table(
        _ board: Scoreboard.Figures, _ gateway: GatewayFigures, after time: Duration, width: Int
    ) -> String {
        var totals = TextTable(["time", "accepted", "delivered", "retried", "waiting", "dead"])
        totals.add(
            ["\(Int(time.inSeconds)) s"]
                + [board.accepted, gateway.delivered, gateway.retried, gateway.waiting, gateway.dead].map(String.init))
        var receivers = TextTable(["receiver", "socket", "verified", "duplicates", "bad", "missing"])
        for (name, tally) in board.tallies.sorted(by: { $0.key < $1.key }) {
            receivers.add(
                [name, tally.isAway ? "closed" : "open"]
                    + [tally.verified, tally.duplicates, tally.bad, tally.missing.count].map(String.init))
        }
        let blocks = [totals.text(width: width), receivers.text(width: width), board.latest.joined(separator: "\n")]
        // A line that wraps would take two lines of the terminal, and the next table would not cover the last one.
        let lines = blocks.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.prefix(width) + "\n" }.joined()
    }
}
