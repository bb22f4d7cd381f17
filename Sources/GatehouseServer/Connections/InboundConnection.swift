internal import NIOCore
internal import Synchronization

/// A connection that a caller opened, and what decides whether it may be closed for another: whether a key was proved
/// over it, and what it waits for.
final class InboundConnection: Sendable {
    /// The connection whose requests the present task answers; nil if there is none.
    @TaskLocal static var current: InboundConnection?

    /// The channel for its bytes.
    let channel: any Channel
    private let places: ConnectionPlaces
    private let proved = Atomic(false)
    private let waiting = Atomic(true)
    private let heldBack = Atomic(false)
    private let leftStanding = Atomic(false)
    private let number = Atomic<UInt64>(0)
    private let admission = Mutex(Admission())

    /// What was decided when it was opened.
    private struct Admission {
        var address: PeerAddress?
        var refusal: Problem?
    }

    /// A new connection, without a request.
    init(_ channel: any Channel, in places: ConnectionPlaces) {
        self.channel = channel
        self.places = places
    }

    /// Whether a request over it proved a key.
    var hasProvedKey: Bool { proved.load(ordering: .relaxed) }

    /// Whether the gateway waits for bytes of the caller: every complete request is answered.
    var isWaiting: Bool {
        get { waiting.load(ordering: .relaxed) }
        set { waiting.store(newValue, ordering: .relaxed) }
    }

    /// Whether the answer to a wrong credential is held back.
    var isHeldBack: Bool {
        get { heldBack.load(ordering: .relaxed) }
        set { heldBack.store(newValue, ordering: .relaxed) }
    }

    /// Whether the socket takes no more bytes: the caller does not read its answers.
    var isLeftStanding: Bool {
        get { leftStanding.load(ordering: .relaxed) }
        set { leftStanding.store(newValue, ordering: .relaxed) }
    }

    /// Whether the gateway does no work for it now. If it proved no key either, it may be closed for another.
    var mayBeGivenUp: Bool { isWaiting || isHeldBack || isLeftStanding }

    /// Its number among all connections, from 1; 0 before it was opened.
    var serial: UInt64 {
        get { number.load(ordering: .relaxed) }
        set { number.store(newValue, ordering: .relaxed) }
    }

    /// The address whose connections are counted together; nil if it counts only in all.
    var address: PeerAddress? {
        get { admission.withLock { $0.address } }
        set { admission.withLock { $0.address = newValue } }
    }

    /// The answer because a bound was met, except to a probe (``Probes``); nil if the connection has a place.
    var refusal: Problem? {
        get { admission.withLock { $0.refusal } }
        set { admission.withLock { $0.refusal = newValue } }
    }

    /// Notes that a request over it proved a key. Only the first call costs more than one read.
    func noteProof() {
        guard !hasProvedKey else { return }
        proved.store(true, ordering: .relaxed)
        places.noteProof(of: self)
    }

    /// Sends `100 Continue` for the body of the present request, if the caller waits for it (RFC 9110, section 10.1.1).
    func giveLeave() {
        channel.eventLoop.execute { [channel] in
            let handlers = channel.pipeline.syncOperations
            guard let context = try? handlers.context(handlerType: ConnectionHandler.self),
                let handler = context.handler as? ConnectionHandler
            else { return }
            handler.giveLeave(context)
        }
    }

    /// Closes it at once, below TLS: a TLS close would wait seconds for the caller, and keep the place as long.
    func giveUp() {
        channel.eventLoop.execute { [channel] in
            guard let first = try? channel.pipeline.syncOperations.context(handlerType: AdmissionHandler.self) else {
                return channel.close(promise: nil)
            }
            first.close(promise: nil)
        }
    }
}
