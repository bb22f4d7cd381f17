internal import Synchronization

/// What callers are being answered at present, for the operator who waits for the gateway's end.
public struct UnderWay: Hashable, Sendable {
    /// Requests that are not answered yet, long polls among them.
    public var requests = 0
    /// Streams of events that are open.
    public var streams = 0
    /// Connections that are open, with or without a request.
    public var connections = 0
}

extension APIServer {
    /// What callers are being answered now.
    public var underWay: UnderWay {
        let connections = traffic.connections.figures
        return UnderWay(
            requests: traffic.requests.count, streams: traffic.waits.count(.stream),
            connections: connections.open + connections.reserved)
    }

    /// Closes every connection at once, also where a request is under way: the time to finish it is over.
    public func cut() { traffic.connections.cut() }
}

/// Counts the requests that are not answered yet.
final class RequestCount: Sendable {
    private let open = Atomic(0)

    /// How many there are now.
    var count: Int { open.load(ordering: .relaxed) }

    /// Counts one that has come.
    func begin() { open.add(1, ordering: .relaxed) }

    /// Counts it no more.
    func end() { open.subtract(1, ordering: .relaxed) }
}
