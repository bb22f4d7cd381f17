import GatehouseCore
import GatehouseVerification

/// A receiver of the demo while it runs.
struct DemoPost: Sendable {
    /// Its row in the table of receivers.
    let row: DemoReceiver
    /// The HTTP server of the receiver.
    let receiver: EventReceiver
    /// The port of the server.
    let port: Int

    /// Where its subscription's deliveries go.
    var url: String { "\(row.speaksTLS ? "https" : "http")://127.0.0.1:\(port)/events" }

    /// Starts a receiver on a free port. It refuses every delivery until it gets the secret of its subscription.
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

    /// Listens again on the same port. The system may keep the port busy for a moment.
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
