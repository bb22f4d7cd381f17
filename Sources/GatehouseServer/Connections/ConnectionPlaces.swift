internal import GatehouseCore
internal import NIOCore
internal import Synchronization

/// Counts the connections that callers hold open, so that they have a bound, in all and from one address.
///
/// Where all places are taken, or all of one address, the oldest of those connections goes that never proved a key and
/// that the gateway does no work for (``InboundConnection/mayBeGivenUp``). So connections that prove nothing keep no
/// caller out, neither others' nor one behind the same address. Only where there is none to go, the new one has no
/// place: it gets one of a small reserve, in which probes are answered and all others learn which bound they met.
final class ConnectionPlaces: Sendable {
    /// How many there may be.
    struct Bounds: Hashable, Sendable {
        /// In all.
        var all: Int
        /// From one address; of a trusted proxy's address there is no such bound.
        var perAddress: Int
    }

    /// The bound that a connection met.
    enum Bound: String, CaseIterable, Sendable {
        case all
        case address
        /// Beyond the others: none of the reserve could be given up for it.
        case reserve
    }

    /// What came of a connection.
    enum Verdict: Sendable {
        /// It has a place, to be given back by ``close(_:)``. `givenUp` is how many others were closed for new ones
        /// since the last line in the log; nil where none was, or a line was written shortly before.
        case open(Place, givenUp: Int?)
        /// It has a place in the reserve, to be given back as well. `refused` is how many were since the last line in
        /// the log; nil where a line was written shortly before.
        case reserved(Place, Bound, refused: Int?)
        /// It is to be closed: the reserve is full as well.
        case refused(refused: Int?)
    }

    /// A place that was taken.
    struct Place: Sendable {
        fileprivate let connection: InboundConnection
        fileprivate let address: PeerAddress?
        fileprivate let isReserve: Bool
    }

    /// What there is now, and what there was since the start.
    struct Figures: Sendable {
        var open = 0
        /// How many there are beyond the bounds, in the reserve.
        var reserved = 0
        /// How many found no place, by the bound that they met; those in the reserve too.
        var refused: [Bound: Int] = [:]
        /// How many were closed, without a key, for others that came.
        var givenUp = 0
    }

    /// How many connections may be open beyond the bounds.
    static let reserve = ServerSettings.reservedConnections

    /// The connections of one address.
    private struct Neighbours {
        var count = 0
        var unproved = ConnectionLine()
    }

    private struct State {
        var figures = Figures()
        var byAddress: [PeerAddress: Neighbours] = [:]
        /// Those that have proved no key.
        var unproved = ConnectionLine()
        /// Those beyond the bounds.
        var reserve = ConnectionLine()
        /// All that have a place, by their serial numbers.
        var placed: [UInt64: InboundConnection] = [:]
        /// Whether the gateway is at its end: what is opened now is closed at once.
        var isCut = false
        var next: UInt64 = 1
        /// The log's lines about refused connections, and about those that were closed for others.
        var refusedLines = LinePace()
        var givenUpLines = LinePace()
    }

    private let state = Mutex(State())

    /// What there is now.
    var figures: Figures { state.withLock { $0.figures } }

    /// Gives a connection a place, or says why there is none. An address that is nil is not counted by itself.
    func open(
        _ connection: InboundConnection, from address: PeerAddress?, within bounds: Bounds, at now: Instant
    ) -> Verdict {
        let (verdict, leaving, isCut) = state.withLock { state in
            connection.serial = state.next
            connection.address = address
            state.next += 1
            let (verdict, leaving) = Self.verdict(on: connection, from: address, bounds, &state, now)
            return (verdict, leaving, state.isCut)
        }
        leaving?.giveUp()
        if isCut { connection.giveUp() }
        return verdict
    }

    private static func verdict(
        on connection: InboundConnection, from address: PeerAddress?, _ bounds: Bounds, _ state: inout State,
        _ now: Instant
    ) -> (Verdict, leaving: InboundConnection?) {
        guard let bound = boundMet(from: address, bounds, state) else {
            return (.open(take(connection, address, &state), givenUp: nil), nil)
        }
        if let leaving = takeLeaving(at: bound, of: address, &state) {
            let place = take(connection, address, &state)
            return (.open(place, givenUp: state.givenUpLines.count(at: now)), leaving)
        }
        return reserve(connection, bound, &state, now)
    }

    /// Closes all connections at once, and those that come later: the gateway waits no longer.
    func cut() {
        let placed = state.withLock { state in
            state.isCut = true
            return Array(state.placed.values)
        }
        for connection in placed { connection.giveUp() }
    }

    /// Gives a place back.
    func close(_ place: Place) {
        state.withLock { state in
            Self.takeOut(place.connection, &state)
            state.placed[place.connection.serial] = nil
            guard !place.isReserve else { return state.figures.reserved -= 1 }
            state.figures.open -= 1
            guard let address = place.address, let count = state.byAddress[address]?.count else { return }
            if count > 1 { state.byAddress[address]?.count = count - 1 } else { state.byAddress[address] = nil }
        }
    }

    /// Notes that a connection is worth its place. One of the reserve stays in line: it has none to keep.
    func noteProof(of connection: InboundConnection) {
        state.withLock { state in
            state.unproved.remove(connection)
            if let address = connection.address { state.byAddress[address]?.unproved.remove(connection) }
        }
    }

    /// The address's own bound goes first: where one of that address leaves, there is a place in all as well.
    private static func boundMet(from address: PeerAddress?, _ bounds: Bounds, _ state: State) -> Bound? {
        if let address, state.byAddress[address]?.count ?? 0 >= bounds.perAddress { return .address }
        return state.figures.open >= bounds.all ? .all : nil
    }

    private static func take(_ connection: InboundConnection, _ address: PeerAddress?, _ state: inout State) -> Place {
        state.figures.open += 1
        state.placed[connection.serial] = connection
        state.unproved.append(connection)
        if let address {
            state.byAddress[address, default: Neighbours()].count += 1
            state.byAddress[address]?.unproved.append(connection)
        }
        return Place(connection: connection, address: address, isReserve: false)
    }

    /// Takes out the first connection that may be given up. It is counted until it is closed.
    private static func takeLeaving(
        at bound: Bound, of address: PeerAddress?, _ state: inout State
    ) -> InboundConnection? {
        let leaving: InboundConnection?
        switch bound {
        case .all: leaving = state.unproved.firstToGiveUp()
        case .address: leaving = address.flatMap { state.byAddress[$0]?.unproved.firstToGiveUp() }
        case .reserve: leaving = state.reserve.firstToGiveUp()
        }
        guard let leaving else { return nil }
        takeOut(leaving, &state)
        state.figures.givenUp += 1
        return leaving
    }

    private static func takeOut(_ connection: InboundConnection, _ state: inout State) {
        state.unproved.remove(connection)
        state.reserve.remove(connection)
        if let address = connection.address { state.byAddress[address]?.unproved.remove(connection) }
    }

    private static func reserve(
        _ connection: InboundConnection, _ bound: Bound, _ state: inout State, _ now: Instant
    ) -> (Verdict, InboundConnection?) {
        var leaving: InboundConnection?
        if state.figures.reserved >= reserve {
            leaving = takeLeaving(at: .reserve, of: nil, &state)
            guard leaving != nil else {
                return (.refused(refused: countRefused(.reserve, &state, now)), nil)
            }
        }
        state.figures.reserved += 1
        state.placed[connection.serial] = connection
        state.reserve.append(connection)
        let place = Place(connection: connection, address: nil, isReserve: true)
        return (.reserved(place, bound, refused: countRefused(bound, &state, now)), leaving)
    }

    /// Counts a connection that found no place, and says how many the log is to tell of now, if any.
    private static func countRefused(_ bound: Bound, _ state: inout State, _ now: Instant) -> Int? {
        state.figures.refused[bound, default: 0] += 1
        return state.refusedLines.count(at: now)
    }
}
