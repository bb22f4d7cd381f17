internal import GatehouseCore
internal import Synchronization

/// Counts those who wait for events over an open connection, so that waiting has a bound: in all, for each key and for
/// each organization, so that no caller takes the places of the others.
final class WaitingPlaces: Sendable {
    /// How a caller waits.
    enum Manner: String, CaseIterable, Sendable {
        /// A request that is answered once there is something.
        case poll
        /// An answer that goes on and on.
        case stream
    }

    /// How many may wait in a manner.
    struct Bounds: Hashable, Sendable {
        /// In all.
        var all: Int
        /// With one key.
        var perKey: Int
        /// With keys of one organization. Each key above all trees is counted as an organization of its own.
        var perOrganization: Int
    }

    /// The bound that a caller met.
    enum Bound: String, CaseIterable, Error, Sendable {
        case all
        case key
        case organization
    }

    /// One who waits, for as long as this is held.
    final class Place: Sendable {
        private let places: WaitingPlaces
        private let manner: Manner
        private let groups: [Group]

        fileprivate init(_ places: WaitingPlaces, _ manner: Manner, _ groups: [Group]) {
            self.places = places
            self.manner = manner
            self.groups = groups
        }

        deinit { places.giveBack(manner, groups) }
    }

    /// Those who are counted together.
    fileprivate enum Group: Hashable, Sendable {
        case all(Manner)
        case key(Manner, KeyID)
        case organization(Manner, OrganizationID)
    }

    private struct State {
        var taken: [Group: Int] = [:]
        var refused: [Manner: [Bound: Int]] = [:]
    }

    private let state = Mutex(State())

    /// How many wait in that manner now.
    func count(_ manner: Manner) -> Int { state.withLock { $0.taken[.all(manner), default: 0] } }

    /// How many were turned away, by the bound that they met.
    func refused(_ manner: Manner) -> [Bound: Int] { state.withLock { $0.refused[manner, default: [:]] } }

    /// Takes a place for a key's caller. - Throws: the bound that is met, the widest first.
    func take(_ manner: Manner, for key: Key, within bounds: Bounds) throws(Bound) -> Place {
        var groups: [(group: Group, most: Int, bound: Bound)] = [
            (.all(manner), bounds.all, .all), (.key(manner, key.id), bounds.perKey, .key),
        ]
        if let organization = key.organization {
            groups.append((.organization(manner, organization), bounds.perOrganization, .organization))
        } else {
            groups[1].most = min(bounds.perKey, bounds.perOrganization)
        }
        let met = state.withLock { state -> Bound? in
            if let met = groups.first(where: { state.taken[$0.group, default: 0] >= $0.most }) {
                state.refused[manner, default: [:]][met.bound, default: 0] += 1
                return met.bound
            }
            for group in groups { state.taken[group.group, default: 0] += 1 }
            return nil
        }
        if let met { throw met }
        return Place(self, manner, groups.map(\.group))
    }

    private func giveBack(_ manner: Manner, _ groups: [Group]) {
        state.withLock { state in
            for group in groups {
                let rest = state.taken[group, default: 0] - 1
                state.taken[group] = rest > 0 ? rest : nil
            }
        }
    }
}
