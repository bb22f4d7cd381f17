internal import GatehouseCore
internal import NIOCore
internal import Synchronization

/// Counts the connections that callers hold open, so that they have a bound, in all and from one address.
///
/// Where all places are taken, one of the oldest goes that never proved a key and that the gateway does no work for
/// (``InboundConnection/mayBeGivenUp``); only where there is none, the new one is refused. So connections that prove
/// nothing keep no caller out.
final class ConnectionPlaces: Sendable {
    /// How many there may be.
    struct Bounds: Hashable, Sendable {
        /// In all.
        var all: Int
        /// From one address; of a trusted proxy's address there is no such bound.
        var perAddress: Int
    }

    /// The bound that a connection was refused by.
    enum Bound: String, CaseIterable, Sendable {
        case all
        case address
    }

    /// What came of a connection.
    enum Verdict: Sendable {
        /// It has a place, to be given back by ``close(_:)``.
        case open(Place)
        /// It is to be closed. `refused` is how many were since the last line in the log; nil where a line was
        /// written shortly before.
        case refused(Bound, refused: Int?)
    }

    /// A place that was taken.
    struct Place: Sendable {
        fileprivate let connection: InboundConnection
        fileprivate let address: PeerAddress?
    }

    /// What there is now, and what there was since the start.
    struct Figures: Sendable {
        var open = 0
        var refused: [Bound: Int] = [:]
        /// How many were closed, without a key, for others that came.
        var givenUp = 0
    }

    /// How long after a line about refused connections the next one comes at the earliest.
    static let lineEvery: Duration = .seconds(10)
    /// How many connections are looked at for one that can go. Those that cannot are looked at again only behind all
    /// others, so that no look is spent on the same one each time.
    private static let looks = 256

    private struct State {
        var figures = Figures()
        var byAddress: [PeerAddress: Int] = [:]
        /// Those that have proved no key, by their numbers: the least is looked at first.
        var unproved: [UInt64: InboundConnection] = [:]
        /// No number in `unproved` is less.
        var oldest: UInt64 = 1
        var next: UInt64 = 1
        var untold = 0
        var lastLine: Instant?
    }

    private let state = Mutex(State())

    /// What there is now.
    var figures: Figures { state.withLock { $0.figures } }

    /// Gives a connection a place, or says why there is none. An address that is nil is not counted by itself.
    func open(
        _ connection: InboundConnection, from address: PeerAddress?, within bounds: Bounds, at now: Instant
    ) -> Verdict {
        let (verdict, leaving) = state.withLock { state -> (Verdict, InboundConnection?) in
            if let address, state.byAddress[address, default: 0] >= bounds.perAddress {
                return (Self.refuse(.address, &state, now), nil)
            }
            var leaving: InboundConnection?
            if state.figures.open >= bounds.all {
                leaving = Self.takeLeaving(&state)
                guard leaving != nil else { return (Self.refuse(.all, &state, now), nil) }
                state.figures.givenUp += 1
            }
            Self.putLast(connection, &state)
            state.figures.open += 1
            if let address { state.byAddress[address, default: 0] += 1 }
            return (.open(Place(connection: connection, address: address)), leaving)
        }
        leaving?.giveUp()
        return verdict
    }

    /// Gives a place back.
    func close(_ place: Place) {
        state.withLock { state in
            state.figures.open -= 1
            state.unproved[place.connection.serial] = nil
            guard let address = place.address, let count = state.byAddress[address] else { return }
            state.byAddress[address] = count > 1 ? count - 1 : nil
        }
    }

    /// Notes that a connection is worth its place.
    func noteProof(of connection: InboundConnection) {
        state.withLock { $0.unproved[connection.serial] = nil }
    }

    private static func putLast(_ connection: InboundConnection, _ state: inout State) {
        connection.serial = state.next
        state.unproved[state.next] = connection
        state.next += 1
    }

    /// Takes out the first connection that may be given up. It is counted until it is closed.
    private static func takeLeaving(_ state: inout State) -> InboundConnection? {
        for _ in 0..<min(looks, state.unproved.count) {
            // Each gap is passed once, ever.
            while state.oldest < state.next, state.unproved[state.oldest] == nil { state.oldest += 1 }
            guard let connection = state.unproved.removeValue(forKey: state.oldest) else { return nil }
            state.oldest += 1
            if connection.mayBeGivenUp { return connection }
            putLast(connection, &state)
        }
        return nil
    }

    private static func refuse(_ bound: Bound, _ state: inout State, _ now: Instant) -> Verdict {
        state.figures.refused[bound, default: 0] += 1
        state.untold += 1
        if let last = state.lastLine, now - last < lineEvery, now >= last { return .refused(bound, refused: nil) }
        defer { state.untold = 0 }
        state.lastLine = now
        return .refused(bound, refused: state.untold)
    }
}
