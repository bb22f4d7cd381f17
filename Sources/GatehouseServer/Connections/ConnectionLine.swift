/// Connections in the order in which they are checked for one that can be closed. Adding, finding, moving and removing
/// take constant time for any number of connections.
struct ConnectionLine {
    private struct Place {
        let connection: InboundConnection
        var before: UInt64?
        var behind: UInt64?
    }

    /// How many connections are checked each time.
    static let looks = 256

    private var places: [UInt64: Place] = [:]
    private var first: UInt64?
    private var last: UInt64?

    /// Whether there is none.
    var isEmpty: Bool { places.isEmpty }

    /// Adds a connection at the end, by its number.
    mutating func append(_ connection: InboundConnection) {
        let number = connection.serial
        places[number] = Place(connection: connection, before: last)
        if let last { places[last]?.behind = number } else { first = number }
        last = number
    }

    /// Removes a connection, if it is in the line.
    mutating func remove(_ connection: InboundConnection) {
        guard let place = places.removeValue(forKey: connection.serial) else { return }
        if let before = place.before { places[before]?.behind = place.behind } else { first = place.behind }
        if let behind = place.behind { places[behind]?.before = place.before } else { last = place.before }
    }

    /// The first connection that may be closed; nil if there is none among the first ``looks``. The others move to the
    /// end, so that the same ones are not checked each time.
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
