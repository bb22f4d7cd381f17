internal import Synchronization

/// Counts those who wait for events over an open connection, so that waiting has a bound.
final class WaitingPlaces: Sendable {
    /// How somebody waits.
    enum Manner: CaseIterable, Sendable {
        /// A request that is answered once there is something.
        case poll
        /// An answer that goes on and on.
        case stream
    }

    /// One who waits, for as long as this is held.
    final class Place: Sendable {
        private let places: WaitingPlaces
        private let manner: Manner

        fileprivate init(_ places: WaitingPlaces, _ manner: Manner) {
            self.places = places
            self.manner = manner
        }

        deinit { places.giveBack(manner) }
    }

    private let taken = Mutex<[Manner: Int]>([:])

    /// How many wait in that manner now.
    func count(_ manner: Manner) -> Int { taken.withLock { $0[manner, default: 0] } }

    /// Takes a place; nil where all are taken.
    func take(_ manner: Manner, of bound: Int) -> Place? {
        let isFree = taken.withLock { taken in
            guard taken[manner, default: 0] < bound else { return false }
            taken[manner, default: 0] += 1
            return true
        }
        return isFree ? Place(self, manner) : nil
    }

    private func giveBack(_ manner: Manner) { taken.withLock { $0[manner, default: 0] -= 1 } }
}
