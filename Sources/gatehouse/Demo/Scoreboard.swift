import GatehouseCore
import Synchronization

/// What was sent and what arrived, recorded apart from the gateway: owed deliveries come from the sender's own list of
/// accepted events, arrivals from the receivers' own verification.
final class Scoreboard: Sendable {
    /// Names an event, as its reporter does or as a dialect's body does.
    struct EventName: Hashable, Sendable {
        let source: String
        let id: String

        /// Joins the two.
        init(source: String, id: String) {
            self.source = source
            self.id = id
        }

        /// Reads the name of a CloudEvent; nil if it has none.
        init?(_ event: JSON) {
            guard let source = event["source"]?.text, let id = event["id"]?.text else { return nil }
            self.source = source
            self.id = id
        }
    }

    /// The figures of one receiver.
    struct Tally: Sendable {
        /// Deliveries that its subscription is owed.
        var owed = 0
        /// Of these, the ones that arrived and verified.
        var verified = 0
        /// Verified deliveries that had come before.
        var duplicates = 0
        /// Requests that did not verify.
        var bad = 0
        /// Requests that verified, but do not say which event they report.
        var unnamed = 0
        /// Whether its socket is closed.
        var isAway = false
        /// Owed deliveries that have not arrived.
        var missing: Set<EventName> = []
        /// Deliveries that arrived before the sender knew that the event was accepted.
        var early: Set<EventName> = []
    }

    /// Everything at one moment.
    struct Figures: Sendable {
        /// Events that the gateway answered with 202.
        var accepted = 0
        /// Events that the gateway refused.
        var refused: [String] = []
        /// By receiver.
        var tallies: [String: Tally] = [:]
        /// The latest events, newest last.
        var latest: [String] = []
        /// Whether nothing more will be sent.
        var isProduced = false

        /// Deliveries that are owed and have not arrived.
        var missing: Int { tallies.values.reduce(0) { $0 + $1.missing.count } }
    }

    /// How many events are shown.
    static let shown = 8

    private let state = Mutex(Figures())

    /// Everything as it is now.
    var figures: Figures { state.withLock { $0 } }

    /// Whether nothing more will be sent.
    var isProduced: Bool { state.withLock { $0.isProduced } }

    /// Notes that nothing more will be sent.
    func endProduction() { state.withLock { $0.isProduced = true } }

    /// Adds a receiver.
    func add(receiver: String) { state.withLock { $0.tallies[receiver] = Tally() } }

    /// Notes that a receiver's socket is closed, or open again.
    func setAway(_ isAway: Bool, receiver: String) { state.withLock { $0.tallies[receiver]?.isAway = isAway } }

    /// Records that an event was answered with 202, which receivers are owed it, and the name that each receiver will
    /// see.
    func accepted(_ event: JSON, owed: [(receiver: String, name: EventName)]) {
        state.withLock { state in
            state.accepted += 1
            state.latest = (state.latest + [Self.line(event)]).suffix(Self.shown)
            for (receiver, name) in owed {
                state.tallies[receiver]?.owed += 1
                if state.tallies[receiver]?.early.remove(name) == nil { state.tallies[receiver]?.missing.insert(name) }
            }
        }
    }

    /// Records a line that the gateway refused.
    func refused(_ sentence: String) { state.withLock { $0.refused.append(sentence) } }

    /// Records a delivery to a receiver. `name` is the event's name in the dialect's body.
    func arrived(_ arrival: EventReceiver.Arrival, name: EventName?, at receiver: String) {
        state.withLock { state in
            guard case .success = arrival.result else {
                state.tallies[receiver]?.bad += 1
                return
            }
            guard let name else {
                state.tallies[receiver]?.unnamed += 1
                return
            }
            if arrival.isDuplicate {
                state.tallies[receiver]?.duplicates += 1
                return
            }
            state.tallies[receiver]?.verified += 1
            if state.tallies[receiver]?.missing.remove(name) == nil { state.tallies[receiver]?.early.insert(name) }
        }
    }

    private static func line(_ event: JSON) -> String {
        let kind = event["type"]?.text ?? "?"
        let door = event["data"]?["door"]?.text ?? "–"
        let person = ["firstName", "lastName"].compactMap { event["data"]?["person"]?[$0]?.text }.joined(separator: " ")
        let time = (event["time"]?.text ?? "").dropFirst(11).prefix(8)
        let columns = [(String(time), 10), (kind, 28), (door, 18), (person, 0)]
        let line = columns.map { text, width in
            TextTable.printable(text) + String(repeating: " ", count: max(0, width - text.count))
        }.joined()
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
