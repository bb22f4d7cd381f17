/// Connections in the order in which they are looked at for one that can be given up. Each is put in, found, moved and
/// taken out in constant time, however many there are.
struct ConnectionLine {
    private struct Place {
        let connection: InboundConnection
        var before: UInt64?
        var behind: UInt64?
    }

    /// How many connections are looked at each time.
    static let looks = 256

    private var places: [UInt64: Place] = [:]
    private var first: UInt64?
    private var last: UInt64?

    /// Whether there is none.
    var isEmpty: Bool { places.isEmpty }

    /// Puts a connection last, by its number.
    mutating func append(_ connection: InboundConnection) {
        let number = connection.serial
        places[number] = Place(connection: connection, before: last)
        if let last { places[last]?.behind = number } else { first = number }
        last = number
    }

    /// Takes a connection out, where it is in the line.
    mutating func remove(_ connection: InboundConnection) {
        guard let place = places.removeValue(forKey: connection.serial) else { return }
        if let before = place.before { places[before]?.behind = place.behind } else { first = place.behind }
        if let behind = place.behind { places[behind]?.before = place.before } else { last = place.before }
    }

    /// The first connection that may be given up; nil where there is none among the first ``looks``. Those that may
    /// not are put last, so that no look is spent on the same one each time.
    mutating func firstToGiveUp() -> InboundConnection? {
        for _ in 0..<min(Self.looks, places.count) {
            guard let first, let connection = places[first]?.connection else { return nil }
            if connection.mayBeGivenUp { return connection }
            remove(connection)
            append(connection)
        }
        return nil
    }
}
