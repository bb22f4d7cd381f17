public import HTTPTypes

/// What one try met: a value to be judged, not an error. A receiver's 500 is an outcome, and so is a refused address.
public enum Outcome: Hashable, Sendable {
    /// The receiver answered.
    case answered(Answer)
    /// Nothing was dialled, because the egress rules forbid the target.
    case forbidden(reason: String)
    /// The name could not be resolved.
    case unresolved(reason: String)
    /// No connection came about.
    case unreachable(reason: String)
    /// The operator's egress proxy opened no way to the receiver, which has heard nothing.
    case proxyFailed(reason: String)
    /// TLS could not be agreed on, or the certificate does not prove the name.
    case untrusted(reason: String)
    /// A phase took longer than it may.
    case timedOut(Phase)
    /// The connection broke, or what came back was no HTTP.
    case broken(reason: String)

    /// The phases of an attempt, each bounded by the subscription's time-out.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        case resolve, connect, handshake, write, answer
    }

    /// The receiver's answer, as much of it as is kept.
    public struct Answer: Hashable, Sendable {
        /// The status code.
        public let status: Int
        /// The value of Retry-After, seconds or a date, as it came.
        public let retryAfter: String?
        /// The first bytes of the body, at most 1 KiB.
        public let excerpt: [UInt8]
        /// Where a redirect points, as ``Redirect/words(of:from:)`` tells it; nil where it is none, or names no place.
        public var redirect: String?

        /// Describes an answer.
        public init(status: Int, retryAfter: String? = nil, excerpt: [UInt8] = []) {
            self.status = status
            self.retryAfter = retryAfter
            self.excerpt = excerpt
        }
    }

    /// Every ``word`` that there is.
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

    /// Whether the receiver took the delivery: 2xx alone is success.
    public var isAccepted: Bool { status.map { (200..<300).contains($0) } ?? false }

    /// The status code, where there was an answer.
    public var status: Int? {
        guard case .answered(let answer) = self else { return nil }
        return answer.status
    }

    /// The same with nothing of what the receiver said beside the status.
    public var withoutExcerpt: Outcome {
        guard case .answered(let answer) = self else { return self }
        var bare = Answer(status: answer.status, retryAfter: answer.retryAfter)
        bare.redirect = answer.redirect
        return .answered(bare)
    }

    /// What happened and, where it was no success, what to do about it, in words for the owner of the subscription.
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
    /// That the phase took longer than it may, and what to do about it.
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
    /// The same with another excerpt.
    func with(_ excerpt: [UInt8]) -> Outcome.Answer {
        var answer = Outcome.Answer(status: status, retryAfter: retryAfter, excerpt: excerpt)
        answer.redirect = redirect
        return answer
    }

    /// The end of a sentence: what to do about the status; nothing where the number says it all. A redirect is not
    /// followed, because the address behind it was never checked (RFC 9110 section 15.4 lets the client choose).
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

/// What follows from an outcome.
public enum Verdict: Hashable, Sendable {
    /// Nothing is owed any more.
    case delivered
    /// To be tried again at that instant.
    case dueAgain(at: Instant)
    /// The receiver said 410 and the contract takes it at its word: the subscription is to be disabled. The delivery
    /// stays owed, due at that instant, so that a resume loses nothing.
    case gone(at: Instant)
    /// Given up.
    case dead(DeliveryState.DeathReason)
}

/// One try of one delivery, as it is kept for the owner to see.
public struct Attempt: Hashable, Sendable {
    /// Which try it was, from 1.
    public let number: Int
    /// When it began.
    public let started: Instant
    /// How long it took.
    public let duration: Duration
    /// What it met.
    public let outcome: Outcome
    /// The header fields that were sent, secrets as dots.
    public let headers: HTTPFields
    /// How much of the event was sent, and so may be in the receiver's answer; nil where that was not kept.
    public var privacyLevel: PrivacyLevel?
    /// Whether what the receiver answered was left out for this reader.
    public private(set) var isAnswerWithheld = false

    /// Describes a try.
    public init(number: Int, started: Instant, duration: Duration, outcome: Outcome, headers: HTTPFields) {
        self.number = number
        self.started = started
        self.duration = duration
        self.outcome = outcome
        self.headers = headers
    }

    /// The attempt as a reader of that level may see it. What a receiver answers may repeat what it was sent, so it is
    /// withheld from those who may read less than that; where it is not known what was sent, it may have been all.
    ///
    /// - Parameter terms: those of its subscription, if they are known still: what was kept before owners' headers were
    ///   masked is masked now.
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
