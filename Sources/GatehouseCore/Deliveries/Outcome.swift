public import HTTPTypes

/// The outcome of one attempt: a value to be judged, not an error. A receiver's 500 is an outcome, and so is a refused
/// address.
public enum Outcome: Hashable, Sendable {
    /// The receiver answered.
    case answered(Answer)
    /// No connection was tried, because the egress rules forbid the target.
    case forbidden(reason: String)
    /// The host name could not be resolved.
    case unresolved(reason: String)
    /// No connection was established.
    case unreachable(reason: String)
    /// The operator's egress proxy did not connect to the receiver, which got nothing.
    case proxyFailed(reason: String)
    /// The TLS handshake failed, or the certificate does not prove the name.
    case untrusted(reason: String)
    /// A phase exceeded its time-out.
    case timedOut(Phase)
    /// The connection broke, or the answer was not HTTP.
    case broken(reason: String)

    /// The phases of an attempt, each limited by the subscription's time-out.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// In their order: looking the name up, connecting, the handshake of TLS, sending the request, waiting for the
        /// answer.
        case resolve, connect, handshake, write, answer
    }

    /// The stored part of the receiver's answer.
    public struct Answer: Hashable, Sendable {
        /// The status code.
        public let status: Int
        /// The value of Retry-After, seconds or a date, unparsed.
        public let retryAfter: String?
        /// The first bytes of the body, at most 1 KiB.
        public let excerpt: [UInt8]
        /// Where a redirect points, in the form of ``Redirect/words(of:from:)``; nil without a redirect or a place.
        public var redirect: String?

        /// Describes an answer.
        public init(status: Int, retryAfter: String? = nil, excerpt: [UInt8] = []) {
            self.status = status
            self.retryAfter = retryAfter
            self.excerpt = excerpt
        }
    }

    /// Every value of ``word``.
    public static let words = [
        "accepted", "rejected", "forbidden", "unresolved", "unreachable", "proxy-failed", "untrusted", "timed-out",
        "broken",
    ]

    /// One word for the outcome, for metrics, logs and the API.
    public var word: String {
        switch self {
        case .answered(let answer): (200..<300).contains(answer.status) ? "accepted" : "rejected"
        case .forbidden: "forbidden"
        case .unresolved: "unresolved"
        case .unreachable: "unreachable"
        case .proxyFailed: "proxy-failed"
        case .untrusted: "untrusted"
        case .timedOut: "timed-out"
        case .broken: "broken"
        }
    }

    /// Whether the receiver accepted the delivery: only 2xx is success.
    public var isAccepted: Bool { status.map { (200..<300).contains($0) } ?? false }

    /// The status code, if there was an answer.
    public var status: Int? {
        guard case .answered(let answer) = self else { return nil }
        return answer.status
    }

    /// The outcome without the receiver's answer, except its status.
    public var withoutExcerpt: Outcome {
        guard case .answered(let answer) = self else { return self }
        var bare = Answer(status: answer.status, retryAfter: answer.retryAfter)
        bare.redirect = answer.redirect
        return .answered(bare)
    }

    /// What happened and, after a failure, what to do about it, in a sentence for the owner of the subscription.
    public var sentence: String {
        switch self {
        case .answered(let answer): "the receiver answered \(answer.status)\(answer.advice)"
        case .forbidden(let reason), .unresolved(let reason), .unreachable(let reason), .proxyFailed(let reason),
            .untrusted(let reason), .broken(let reason):
            reason
        case .timedOut(let phase): phase.sentence
        }
    }
}

extension Outcome.Phase {
    /// The sentence about the time-out of this phase, and what to do about it.
    fileprivate var sentence: String {
        switch self {
        case .resolve:
            "the look-up of the name took longer than the subscription's time-out: check the DNS servers of the "
                + "gateway's machine"
        case .connect:
            "no connection came about within the subscription's time-out: the receiver is off, or a firewall drops "
                + "what is sent to it"
        case .handshake:
            "the TLS handshake took longer than the subscription's time-out: the receiver is overloaded, or what "
                + "listens on that port does not speak TLS"
        case .write:
            "the receiver did not take the request within the subscription's time-out: it hangs, or the network is slow"
        case .answer:
            "the receiver took the request and did not answer within the subscription's time-out: let it answer before "
                + "it does its work, or set a longer time-out"
        }
    }
}

extension Outcome.Answer {
    /// The answer with another excerpt.
    func with(_ excerpt: [UInt8]) -> Outcome.Answer {
        var answer = Outcome.Answer(status: status, retryAfter: retryAfter, excerpt: excerpt)
        answer.redirect = redirect
        return answer
    }

    /// The end of a sentence: what to do about the status; empty if the number says enough. A redirect is not followed,
    /// because its address was never checked (RFC 9110 section 15.4 lets the client choose).
    fileprivate var advice: String {
        switch status {
        case 304:
            ", which says that nothing has changed and answers a GET alone: let the receiver answer a delivery with 2xx"
        case _ where Redirect.statuses.contains(status) || redirect != nil:
            ", a redirect\(redirect.map { " to \($0)" } ?? ""), which is not followed: set the url of the subscription "
                + "to where the receiver is now"
        case 300..<400: ", which is no success: let the receiver answer a delivery with 2xx"
        case 401, 403: ": check the authentication of the subscription, and what the receiver lets in"
        case 404: ": correct the path in the url of the subscription"
        case 405: ": the url of the subscription does not take this method; correct its path"
        case 413: ": the receiver does not take bodies of this size; raise its bound"
        case 429: ": the receiver takes no more requests for now: raise its bound, or ask for fewer events"
        case 503: ": the receiver is not ready for now: where that lasts, look into its log"
        default: ""
        }
    }
}

/// What an outcome means for the delivery.
public enum Verdict: Hashable, Sendable {
    /// Nothing is owed any more.
    case delivered
    /// Due again at that instant.
    case dueAgain(at: Instant)
    /// The receiver answered 410, and the contract treats that as final: the subscription is to be disabled. The
    /// delivery stays owed, due at that instant, so that a resume loses nothing.
    case gone(at: Instant)
    /// Given up.
    case dead(DeliveryState.DeathReason)
}

/// One attempt of one delivery, as stored for the owner.
public struct Attempt: Hashable, Sendable {
    /// Its number, from 1.
    public let number: Int
    /// When it began.
    public let started: Instant
    /// How long it took.
    public let duration: Duration
    /// Its outcome.
    public let outcome: Outcome
    /// The header fields that were sent, with dots for secrets.
    public let headers: HTTPFields
    /// The level at which the event was sent, and which the receiver's answer may therefore contain; nil if that was
    /// not stored.
    public var privacyLevel: PrivacyLevel?
    /// Whether the receiver's answer was left out for this reader.
    public private(set) var isAnswerWithheld = false

    /// Describes an attempt.
    public init(number: Int, started: Instant, duration: Duration, outcome: Outcome, headers: HTTPFields) {
        self.number = number
        self.started = started
        self.duration = duration
        self.outcome = outcome
        self.headers = headers
    }

    /// The attempt for a reader of that level. A receiver's answer may repeat what was sent, so a reader with a lower
    /// level does not get it. If the level is not stored, everything may have been sent.
    ///
    /// - Parameter terms: those of its subscription, if they are still known. Attempts stored before owners' headers
    ///   were masked are masked now.
    public func readable(at level: PrivacyLevel, of terms: Terms?) -> Attempt {
        let isWithheld =
            if case .answered(let answer) = outcome {
                !answer.excerpt.isEmpty && privacyLevel ?? .everything < level
            } else { false }
        var attempt = Attempt(
            number: number, started: started, duration: duration,
            outcome: isWithheld ? outcome.withoutExcerpt : outcome,
            headers: headers.masked(besides: terms?.headers ?? []))
        attempt.privacyLevel = privacyLevel
        attempt.isAnswerWithheld = isWithheld
        return attempt
    }
}
