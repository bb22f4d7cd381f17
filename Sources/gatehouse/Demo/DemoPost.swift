import GatehouseCore
import GatehouseVerification

/// A demo's receiver at work.
struct DemoPost: Sendable {
    /// What it is.
    let row: DemoReceiver
    /// What listens.
    let receiver: EventReceiver
    /// Where it listens.
    let port: Int

    /// Where its subscription's deliveries go.
    var url: String { "\(row.speaksTLS ? "https" : "http")://127.0.0.1:\(port)/events" }

    /// Starts a receiver on a free port; it refuses everything until it is given its subscription's secret.
    static func start(_ row: DemoReceiver, board: Scoreboard) async throws -> DemoPost {
        board.add(receiver: row.title)
        let identity = row.speaksTLS ? try SelfSignedIdentity(host: "localhost") : nil
        let receiver = EventReceiver(identity: identity) { arrival in
            let name: Scoreboard.EventName? =
                switch arrival.result {
                case .success(let event): row.told(event)
                case .failure: nil
                }
            board.arrived(arrival, name: name, at: row.title)
        }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        return DemoPost(row: row, receiver: receiver, port: port)
    }

    /// Listens again on the port it had. The system may hold it for a moment longer.
    func comeBack(_ board: Scoreboard) async throws {
        for attempt in 1...50 {
            do {
                _ = try await receiver.start(host: "127.0.0.1", port: port)
                board.setAway(false, receiver: row.title)
                return
            } catch  where attempt < 50 {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Closes its socket at once.
    func goAway(_ board: Scoreboard) async {
        board.setAway(true, receiver: row.title)
        await receiver.cut()
    }
}
