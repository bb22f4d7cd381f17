internal import GatehouseCore
internal import HTTPTypes
internal import Synchronization

/// Counts the bytes of bodies that were received and are still in use, so that they have a bound: in all, and for each
/// caller. Bytes count when they arrive, not when they are announced.
///
/// A body that arrives in one piece is not counted: it is as small as one read of a socket, and each connection has at
/// most one. So bodies of usual size take no lock, and are accepted while large ones fill the bound.
final class BodiesInFlight: Sendable {
    /// The callers whose bodies are counted together.
    enum Caller: Hashable, Sendable {
        /// All callers that prove this key.
        case key(KeyID)
        /// All callers without a proved key at this address.
        case address(String)
    }

    /// A bound that was met.
    enum Bound: String, CaseIterable, Sendable {
        case all
        case key
        case address
    }

    /// How many bytes there may be.
    struct Bounds: Hashable, Sendable {
        /// In all.
        var all: Int
        /// Of one key.
        var perKey: Int
        /// Of one address, without a key.
        var perAddress: Int
    }

    /// The bytes of one body. They are no longer counted when this object is released.
    final class Share: Sendable {
        private let bodies: BodiesInFlight
        private let caller: Caller
        private let bytes = Atomic(0)

        fileprivate init(_ bodies: BodiesInFlight, _ caller: Caller) {
            self.bodies = bodies
            self.caller = caller
        }

        deinit { bodies.giveBack(bytes.load(ordering: .relaxed), of: caller) }

        /// Counts bytes that arrived. - Throws: a problem, 503 or 429, if a bound is exceeded.
        func take(_ count: Int, within bounds: Bounds) throws(Problem) {
            if let bound = bodies.take(count, for: caller, within: bounds) { throw Self.problem(bound, bounds) }
            bytes.wrappingAdd(count, ordering: .relaxed)
        }

        /// Checks whether so many bytes would be accepted now. - Throws: the problem that they would cause.
        func checkRoom(for count: Int, within bounds: Bounds) throws(Problem) {
            try take(count, within: bounds)
            bytes.wrappingSubtract(count, ordering: .relaxed)
            bodies.giveBack(count, of: caller)
        }

        private static func problem(_ bound: Bound, _ bounds: Bounds) -> Problem {
            let kind: ProblemKind.Own
            let sentence: String
            switch bound {
            case .all:
                kind = .manyBodies
                sentence = "bodies of \(bounds.all) bytes are under way, and more may not be: send it again in a moment"
            case .key:
                kind = .callersBodies
                sentence = "bodies of \(bounds.perKey) bytes are under way with this key: send one after the other"
            case .address:
                kind = .callersBodies
                sentence = "bodies of \(bounds.perAddress) bytes without a key are under way from this address"
            }
            return Problem(kind, sentence, headers: [.retryAfter: "5"])
        }
    }

    private struct State {
        var all = 0
        var byCaller: [Caller: Int] = [:]
        var refused: [Bound: Int] = [:]
    }

    private let state = Mutex(State())

    /// How many bytes there are now.
    var bytes: Int { state.withLock { $0.all } }

    /// How many bodies were refused, by the bound that they met.
    var refused: [Bound: Int] { state.withLock { $0.refused } }

    /// Begins to count a body.
    func share(of caller: Caller) -> Share { Share(self, caller) }

    private func take(_ count: Int, for caller: Caller, within bounds: Bounds) -> Bound? {
        state.withLock { state in
            let own = state.byCaller[caller, default: 0] + count
            let bound: Bound? =
                switch caller {
                case .key(_) where own > bounds.perKey: .key
                case .address(_) where own > bounds.perAddress: .address
                case .key(_), .address(_): state.all + count > bounds.all ? .all : nil
                }
            if let bound {
                state.refused[bound, default: 0] += 1
            } else {
                state.byCaller[caller] = own
                state.all += count
            }
            return bound
        }
    }

    private func giveBack(_ count: Int, of caller: Caller) {
        guard count > 0 else { return }
        state.withLock { state in
            state.all -= count
            let own = state.byCaller[caller, default: 0] - count
            state.byCaller[caller] = own > 0 ? own : nil
        }
    }
}
