internal import NIOCore
internal import Synchronization

/// A connection that a caller opened, and what decides whether it is worth its place: whether a key was proved over it,
/// and whether it waits for its caller.
final class InboundConnection: Sendable {
    /// The connection whose requests the present task answers; nil where there is none.
    @TaskLocal static var current: InboundConnection?

    /// What bytes come and go by.
    let channel: any Channel
    private let places: ConnectionPlaces
    private let proved = Atomic(false)
    private let waiting = Atomic(true)
    private let number = Atomic<UInt64>(0)

    /// A connection that has said nothing yet.
    init(_ channel: any Channel, in places: ConnectionPlaces) {
        self.channel = channel
        self.places = places
    }

    /// Whether a request over it proved a key.
    var hasProvedKey: Bool { proved.load(ordering: .relaxed) }

    /// Whether the gateway waits for bytes of the caller: no request that came whole is still to be answered.
    var isWaiting: Bool {
        get { waiting.load(ordering: .relaxed) }
        set { waiting.store(newValue, ordering: .relaxed) }
    }

    /// Its number among all connections, from 1; 0 before it has a place.
    var serial: UInt64 {
        get { number.load(ordering: .relaxed) }
        set { number.store(newValue, ordering: .relaxed) }
    }

    /// Notes that a request over it proved a key. Only the first time costs more than a look.
    func noteProof() {
        guard !hasProvedKey else { return }
        proved.store(true, ordering: .relaxed)
        places.noteProof(of: self)
    }
}
