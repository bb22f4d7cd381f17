import NIOSSL

/// The pool's bounds and trusted certificates, with complete defaults.
package struct PoolSettings: Sendable {
    /// Connections to one receiver on one event loop, with those that are being opened.
    package var connectionsPerReceiver = 256
    /// Connections to all receivers on one event loop: this times the number of loops must be below the process's file
    /// descriptors.
    package var connectionsPerLoop = 4096
    /// Requests to one receiver that wait on one event loop for a connection; further ones are refused as unreachable.
    package var waitingPerReceiver = 4096
    /// How long an idle connection is kept. Many servers close theirs after 60 s or more; an earlier close is noticed
    /// before the next use.
    package var keepsIdle = Duration.seconds(30)
    /// How long a connection may have been idle for a request whose contract counts attempts. If the other end closes
    /// it just then, this costs an attempt, so such a request opens a new connection sooner.
    package var keepsIdleWhereTriesCount = Duration.seconds(1)
    /// A receiver that closes a kept connection sooner than this after an answer seems to close all of them without
    /// announcing it: its connections are then not kept.
    package var closesSoon = Duration.seconds(1)
    /// How long the connections of such a receiver are not kept.
    package var keepsNone = Duration.seconds(60)
    /// Bytes of an answer's head and of the informational heads before it; the status of a longer one counts all the
    /// same.
    package var answerHeadBytes = 64 << 10
    /// Header fields of an answer; the status of one with more counts all the same.
    package var answerHeaderCount = 200
    /// Informational answers before the final one.
    package var informationalAnswers = 8
    /// Bytes of an answer's body that are read; a longer one is cut there and its connection closed. Endless framing is
    /// cut where the whole answer has this many bytes plus those of the head.
    package var answerBodyBytes = 64 << 10
    /// The certificates at which a chain must end.
    package var trustRoots = TrustRoots.system

    /// The proxy for all connections; nil to dial receivers directly.
    package var proxy: EgressProxy?

    /// The defaults.
    package init() {}

    /// The bounds on the answer to a request.
    func bounds(of request: PoolRequest) -> AnswerBounds {
        AnswerBounds(
            headBytes: answerHeadBytes, fields: answerHeaderCount, informational: informationalAnswers,
            bodyBytes: max(answerBodyBytes, request.bodyKept), bodyKept: request.bodyKept,
            keepsFields: request.keepsFields)
    }
}

/// The roots of trust in certificates.
package enum TrustRoots: Hashable, Sendable {
    /// The roots of the machine.
    case system
    /// The certificates in a PEM file, and no others.
    case file(path: String)

    /// What is wrong with the roots, for the operator; nil if they can be read.
    package var fault: String? {
        switch self {
        case .system: nil
        case .file(let path):
            (try? NIOSSLCertificate.fromPEMFile(path))?.isEmpty == false
                ? nil : "the file of trusted certificates cannot be read, or contains no certificate in PEM"
        }
    }
}
