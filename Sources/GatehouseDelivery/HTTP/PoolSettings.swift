import NIOSSL

/// The pool's bounds and what it trusts, with complete defaults.
public struct PoolSettings: Sendable {
    /// Connections to one receiver on one event loop, those being made included.
    public var connectionsPerReceiver = 256
    /// Connections to all receivers on one event loop: keep it times the loops below the process's file descriptors.
    public var connectionsPerLoop = 4096
    /// Requests to one receiver that wait on one event loop for a connection; more are turned away as unreachable.
    public var waitingPerReceiver = 4096
    /// How long a connection is kept that nobody uses. Many servers close theirs at 60 s or later; that one was closed
    /// earlier is seen when it is to be used again.
    public var keepsIdle = Duration.seconds(30)
    /// How long a connection may have been idle for a request whose contract counts tries: one that the other end
    /// closes just then costs a try, so such a request takes a new one sooner.
    public var keepsIdleWhereTriesCount = Duration.seconds(1)
    /// How soon behind an answer a receiver must close a kept connection for its connections not to be kept, because it
    /// seems to close all of them without saying so.
    public var closesSoon = Duration.seconds(1)
    /// How long the connections of such a receiver are not kept.
    public var keepsNone = Duration.seconds(60)
    /// Bytes of an answer's head and of the informational ones before it; the status of a longer one counts all the
    /// same.
    public var answerHeadBytes = 64 << 10
    /// Header fields of an answer; the status of one with more counts all the same.
    public var answerHeaderCount = 200
    /// Informational answers before the final one.
    public var informationalAnswers = 8
    /// Bytes of an answer's body that are read; a longer one is cut there and its connection closed. Framing that
    /// never ends is cut where the whole answer has this many bytes and those of the head.
    public var answerBodyBytes = 64 << 10
    /// The certificates at which a chain must end.
    public var trustRoots = TrustRoots.system

    /// The proxy by which everything leaves; nil to dial receivers straight.
    public var proxy: EgressProxy?

    /// The defaults.
    public init() {}

    /// The bounds on the answer to a request.
    func bounds(of request: PoolRequest) -> AnswerBounds {
        AnswerBounds(
            headBytes: answerHeadBytes, fields: answerHeaderCount, informational: informationalAnswers,
            bodyBytes: max(answerBodyBytes, request.bodyKept), bodyKept: request.bodyKept,
            keepsFields: request.keepsFields)
    }
}

/// Where trust in a certificate ends.
public enum TrustRoots: Hashable, Sendable {
    /// The roots of the machine.
    case system
    /// The certificates in a PEM file, and no others.
    case file(path: String)

    /// What is wrong with the roots, for whoever sets them; nil where they can be read.
    public var fault: String? {
        switch self {
        case .system: nil
        case .file(let path):
            (try? NIOSSLCertificate.fromPEMFile(path))?.isEmpty == false
                ? nil : "the file of trusted certificates cannot be read, or holds none in PEM"
        }
    }
}
