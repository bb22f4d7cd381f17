import DequeModule
import GatehouseCore

/// The requests of one receiver that wait for a connection, in a queue for each share, so that a share without
/// connections does not hold up the others.
struct WaitingExchanges {
    private typealias Place = (number: UInt64, exchange: Exchange)

    private var urgent: Deque<Place> = []
    private var well: Deque<Place> = []
    private var others: Deque<Place> = []
    private var next: UInt64 = 0

    var count: Int { urgent.count + well.count + others.count }
    var isEmpty: Bool { count == 0 }
    /// All of them, in no order.
    var all: [Exchange] { (urgent + well + others).map(\.exchange) }

    mutating func append(_ exchange: Exchange) {
        next += 1
        switch exchange.request.prepared.share {
        case .urgent: urgent.append((next, exchange))
        case .well: well.append((next, exchange))
        case .others: others.append((next, exchange))
        }
    }

    /// Whether a request still waits: asked after each delivery, when mostly none does.
    mutating func hasWaiting() -> Bool {
        removeConcludedHeads()
        return !isEmpty
    }

    /// The shares with a request that still waits: the urgent one first, the others by the age of their first request.
    mutating func waitingShares() -> [PreparedRequest.Share] {
        guard hasWaiting() else { return [] }
        let heads = [(PreparedRequest.Share.well, well.first?.number), (.others, others.first?.number)]
        let byAge = heads.sorted { $0.1 ?? .max < $1.1 ?? .max }.filter { $0.1 != nil }.map(\.0)
        return (urgent.isEmpty ? [] : [.urgent]) + byAge
    }

    /// Removes the first request of a share; nil if none waits.
    mutating func popFirst(of share: PreparedRequest.Share) -> Exchange? {
        switch share {
        case .urgent: urgent.popFirst()?.exchange
        case .well: well.popFirst()?.exchange
        case .others: others.popFirst()?.exchange
        }
    }

    /// Removes the first request of all that still wait.
    mutating func popFirst() -> Exchange? { waitingShares().first.flatMap { popFirst(of: $0) } }

    /// Removes the requests that ended while they waited.
    mutating func removeConcluded() {
        urgent.removeAll { $0.exchange.isConcluded }
        well.removeAll { $0.exchange.isConcluded }
        others.removeAll { $0.exchange.isConcluded }
    }

    private mutating func removeConcludedHeads() {
        while urgent.first?.exchange.isConcluded == true { urgent.removeFirst() }
        while well.first?.exchange.isConcluded == true { well.removeFirst() }
        while others.first?.exchange.isConcluded == true { others.removeFirst() }
    }
}
