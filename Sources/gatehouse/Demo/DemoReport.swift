import GatehouseCore

/// The result of a demo, and whether it passed: judged only by the sender's list and the receivers' verification.
struct DemoReport: Sendable {
    /// What was sent and what arrived.
    let board: Scoreboard.Figures
    /// The gateway's own figures; shown, not judged.
    let gateway: GatewayFigures
    /// The plan of the demo.
    let plan: DemoPlan

    /// Everything that is wrong; empty if the demo passed.
    var complaints: [String] {
        var complaints: [String] = []
        if board.tallies.values.allSatisfy({ $0.owed == 0 }) {
            complaints.append("no delivery was owed, so nothing is proven")
        }
        for (name, tally) in board.tallies.sorted(by: { $0.key < $1.key }) {
            if !tally.missing.isEmpty {
                let some = tally.missing.prefix(5).map { "\($0.source) \($0.id)" }.sorted().joined(separator: ", ")
                complaints.append("\(name): \(tally.missing.count) owed deliveries did not arrive, among them \(some)")
            }
            if tally.bad > 0 { complaints.append("\(name): \(tally.bad) requests did not verify") }
            if tally.unnamed > 0 {
                complaints.append("\(name): \(tally.unnamed) requests verified, but do not say which event they report")
            }
            if !tally.early.isEmpty {
                complaints.append("\(name): \(tally.early.count) deliveries of events that were not sent")
            }
        }
        if !board.refused.isEmpty {
            let some = board.refused.prefix(3).joined(separator: "; ")
            complaints.append("\(board.refused.count) events were refused: \(some)")
        }
        return complaints
    }

    /// The summary for people; its last line is the result.
    var text: String {
        var table = TextTable(["receiver", "owed", "verified", "missing", "duplicates", "bad"])
        for (name, tally) in board.tallies.sorted(by: { $0.key < $1.key }) {
            table.add(
                [name]
                    + [tally.owed, tally.verified, tally.missing.count, tally.duplicates, tally.bad].map(String.init))
        }
        var text =
            "\(board.accepted) events accepted, \(gateway.delivered) deliveries made, \(gateway.retried) retried\n"
        if let outage = plan.outage {
            let length = TimeSpan(outage.length)
            text += "one receiver's socket was closed after \(TimeSpan(outage.after)) for \(length)\n"
        }
        text += table.text(width: nil)
        text += complaints.map { "  \($0)\n" }.joined()
        guard plan.isCheck else { return text }
        return text
            + (complaints.isEmpty
                ? "PASSED: every owed delivery arrived and was verified.\n" : "FAILED, with seed \(plan.seed).\n")
    }
}
