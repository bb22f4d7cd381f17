import NIOHTTP1
import NIOSSL

/// The pool's bounds and what it trusts, with complete defaults.
public struct PoolSettings: Sendable {
    /// Connections to one receiver on one event loop, those being made included.
    public var connectionsPerReceiver = 256
    /// Connections to all receivers on one event loop: keep it times the loops below the process's file descriptors.
    public var connectionsPerLoop = 4096
    /// Requests to one receiver that wait on one event loop for a connection; more are turned away as unreachable.
    public var waitingPerReceiver = 4096
    /// How long a connection is kept that nobody uses. Many servers close theirs at 60 s or later; earlier ones are met
    /// by the one retry.
    public var keepsIdle = Duration.seconds(30)
    /// Bytes of an answer's head and of the informational ones before it.
    public var answerHeadBytes = 16 << 10
    /// Header fields of an answer, trailers included.
    public var answerHeaderCount = 100
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

    /// What the decoder itself enforces. It counts names and values; the ``AnswerReader`` counts every byte.
    var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = answerHeadBytes
        limits.maxHeaderListSize = answerHeadBytes
        limits.maxHeaderFieldCount = answerHeaderCount
        return limits
    }

    func bounds(bodyKept: Int) -> AnswerBounds {
        AnswerBounds(
            headBytes: answerHeadBytes, informational: informationalAnswers,
            bodyBytes: max(answerBodyBytes, bodyKept), bodyKept: bodyKept)
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
