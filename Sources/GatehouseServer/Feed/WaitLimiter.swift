internal import GatehouseCore
internal import Synchronization

/// Counts the callers that wait for events over an open connection, so that waiting has a bound: in all, for each key
/// and for each organization. So no caller takes the places of the others.
final class WaitLimiter: Sendable {
    /// How a caller waits.
    enum WaitMethod: String, CaseIterable, Sendable {
        /// A request that is answered when there is an event.
        case poll
        /// An answer without an end.
        case stream
    }

    /// How many callers may wait by one method.
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

    /// The place of one waiting caller; it is returned when this object is released.
    final class Place: Sendable {
        private let places: WaitLimiter
        private let method: WaitMethod
        private let groups: [Group]

        fileprivate init(_ places: WaitLimiter, _ method: WaitMethod, _ groups: [Group]) {
            self.places = places
            self.method = method
            self.groups = groups
        }

        deinit { places.giveBack(method, groups) }
    }

    /// Callers that are counted together.
    fileprivate enum Group: Hashable, Sendable {
        case all(WaitMethod)
        case key(WaitMethod, KeyID)
        case organization(WaitMethod, OrganizationID)
    }

    private struct State {
        var taken: [Group: Int] = [:]
        var refused: [WaitMethod: [Bound: Int]] = [:]
    }

    private let state = Mutex(State())

    /// How many callers wait by that method now.
    func count(_ method: WaitMethod) -> Int { state.withLock { $0.taken[.all(method), default: 0] } }

    /// How many callers were refused, by the bound that they met.
    func refused(_ method: WaitMethod) -> [Bound: Int] { state.withLock { $0.refused[method, default: [:]] } }

    /// Takes a place for a caller with a key. - Throws: the bound that is met; the widest is checked first.
    func take(_ method: WaitMethod, for key: Key, within bounds: Bounds) throws(Bound) -> Place {
        var groups: [(group: Group, most: Int, bound: Bound)] = [
            (.all(method), bounds.all, .all), (.key(method, key.id), bounds.perKey, .key),
        ]
        if let organization = key.organization {
            groups.append((.organization(method, organization), bounds.perOrganization, .organization))
        } else {
            groups[1].most = min(bounds.perKey, bounds.perOrganization)
        }
        let met = state.withLock { state -> Bound? in
            if let met = groups.first(where: { state.taken[$0.group, default: 0] >= $0.most }) {
                state.refused[method, default: [:]][met.bound, default: 0] += 1
                return met.bound
            }
            for group in groups { state.taken[group.group, default: 0] += 1 }
            return nil
        }
        if let met { throw met }
        return Place(self, method, groups.map(\.group))
    }

    private func giveBack(_ method: WaitMethod, _ groups: [Group]) {
        state.withLock { state in
            for group in groups {
                let rest = state.taken[group, default: 0] - 1
                state.taken[group] = rest > 0 ? rest : nil
            }
        }
    }
}
