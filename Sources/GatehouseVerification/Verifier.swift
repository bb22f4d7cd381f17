/// Says whether a request comes from who holds the secret, is fresh, and is whole.
///
/// It shares no code with what signs: it is written from the public specifications, as a stranger would, so that a
/// mistake in the one is not repeated in the other. Make one per secret and keep it: many tasks may use it at once.
public struct Verifier: Sendable {
    private let scheme: any Scheme

    /// Reads the secret once.
    ///
    /// - Parameters:
    ///   - dialect: whose way of signing to expect.
    ///   - secret: as shown when the subscription was made or rotated.
    ///   - tolerance: how far the time of signing may lie from `now`, either way, where the dialect signs it. Standard
    ///     Webhooks recommends minutes: less refuses honest senders with a slow clock, more gives a captured request a
    ///     longer life.
    /// - Throws: a reason to correct the set-up; nothing about requests.
    public init(
        _ dialect: VerificationDialect, secret: String, tolerance: Duration = .seconds(300)
    ) throws(VerificationError) {
        scheme = try dialect.scheme(secret: secret, window: Freshness(tolerance: tolerance))
    }

    /// Checks one request.
    ///
    /// A request that was taken before verifies again while it is fresh, for ever where no time is signed: remember
    /// ``VerifiedEvent/id`` to take each event once.
    ///
    /// - Throws: the first reason to refuse it. Answer 401, and nothing more: the reason is for your own log.
    public func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        try scheme.verify(request, now: now)
    }
}
