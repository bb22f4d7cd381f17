internal import GatehouseCore
internal import NIOCore
internal import Synchronization

/// Counts the connections that callers hold open, so that they have a bound, in all and from one address.
///
/// If all places are taken, or all places of one address, the gateway closes the oldest connection among them that
/// never proved a key and that the gateway does no work for (``InboundConnection/mayBeGivenUp``). So connections
/// without a proved key keep no caller out, not even a caller at the same address. If there is no such connection, the
/// new one gets a place in a small reserve: there probes are answered, and all other callers learn which bound they
/// met.
final class ConnectionPlaces: Sendable {
    /// The largest numbers of connections.
    struct Bounds: Hashable, Sendable {
        /// In all.
        var all: Int
        /// From one address. The address of a trusted proxy has no such bound.
        var perAddress: Int
    }

    /// The bound that a connection met.
    enum Bound: String, CaseIterable, Sendable {
        case all
        case address
        /// Beyond the others: no connection of the reserve could be closed for it.
        case reserve
    }

    /// The decision about a connection.
    enum Verdict: Sendable {
        /// It has a place; ``close(_:)`` returns it. `givenUp` is how many others were closed for new ones since the
        /// last log line; nil if there were none, or a line was written shortly before.
        case open(Place, givenUp: Int?)
        /// It has a place in the reserve, to be returned as well. `refused` is how many were refused since the last log
        /// line; nil if a line was written shortly before.
        case reserved(Place, Bound, refused: Int?)
        /// It must be closed: the reserve is full too.
        case refused(refused: Int?)
    }

    /// A place that was taken.
    struct Place: Sendable {
        fileprivate let connection: InboundConnection
        fileprivate let address: PeerAddress?
        fileprivate let isReserve: Bool
    }

    /// The numbers now, and the counts since the start.
    struct Figures: Sendable {
        var open = 0
        /// How many there are beyond the bounds, in the reserve.
        var reserved = 0
        /// How many found no place, by the bound that they met. Those in the reserve are included.
        var refused: [Bound: Int] = [:]
        /// How many connections without a key were closed for new ones.
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
        /// The connections that have proved no key.
        var unproved = ConnectionLine()
        /// The connections beyond the bounds.
        var reserve = ConnectionLine()
        /// All connections with a place, by their serial numbers.
        var placed: [UInt64: InboundConnection] = [:]
        /// Whether the gateway is stopping: a new connection is closed at once.
        var isCut = false
        var next: UInt64 = 1
        /// The pace of log lines about refused connections, and about connections that were closed for new ones.
        var refusedLines = LinePace()
        var givenUpLines = LinePace()
    }

    private let state = Mutex(State())

    /// The numbers now.
    var figures: Figures { state.withLock { $0.figures } }

    /// Gives a connection a place, or says why there is none. With a nil address there is no count of the address.
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

    /// Closes all connections now, and later ones when they are opened: the gateway waits no longer.
    func cut() {
        let placed = state.withLock { state in
            state.isCut = true
            return Array(state.placed.values)
        }
        for connection in placed { connection.giveUp() }
    }

    /// Returns a place.
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

    /// Notes that a connection proved a key. A connection of the reserve stays in its line: it has no place to keep.
    func noteProof(of connection: InboundConnection) {
        state.withLock { state in
            state.unproved.remove(connection)
            if let address = connection.address { state.byAddress[address]?.unproved.remove(connection) }
        }
    }

    /// The bound of the address is checked first: closing a connection of that address also frees a place in all.
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

    /// Removes the first connection that may be closed from the lines. It is counted until it is closed.
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

    /// Counts a connection that found no place, and returns the number for a log line, if one is due.
    private static func countRefused(_ bound: Bound, _ state: inout State, _ now: Instant) -> Int? {
        state.figures.refused[bound, default: 0] += 1
        return state.refusedLines.count(at: now)
    }
}
