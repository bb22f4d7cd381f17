internal import Synchronization

/// The open requests of callers, for an operator who waits for the end of the shutdown.
package struct UnderWay: Hashable, Sendable {
    /// Requests without an answer yet, including long polls.
    package var requests = 0
    /// Open streams of events.
    package var streams = 0
    /// Open connections, with or without a request.
    package var connections = 0
}

extension APIServer {
    /// The open requests now.
    package var underWay: UnderWay {
        let connections = traffic.connections.figures
        return UnderWay(
            requests: traffic.requests.count, streams: traffic.waits.count(.stream),
            connections: connections.open + connections.reserved)
    }

    /// Closes every connection at once, even one with an open request: the time to finish it is over.
    package func cut() { traffic.connections.cut() }
}

/// Counts the requests without an answer.
final class RequestCount: Sendable {
    private let open = Atomic(0)

    /// How many there are now.
    var count: Int { open.load(ordering: .relaxed) }

    /// Counts a new request.
    func begin() { open.add(1, ordering: .relaxed) }

    /// Removes an answered request from the count.
    func end() { open.subtract(1, ordering: .relaxed) }
}
