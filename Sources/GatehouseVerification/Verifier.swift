/// Verifies that a request comes from a holder of the secret, is fresh, and is complete.
///
/// It shares no code with the signer: it is written from the public specifications, like a third party's, so that a
/// mistake in the one is not repeated in the other. Create one for each secret and keep it: many tasks may use it at
/// once.
public struct Verifier: Sendable {
    private let scheme: any Scheme

    /// Reads the secret once.
    ///
    /// - Parameters:
    ///   - dialect: the dialect whose way of signing to expect.
    ///   - secret: as shown when the subscription was created or rotated.
    ///   - tolerance: the largest distance between the time of signing and `now`, in both directions, if the dialect
    ///     signs the time. Standard Webhooks recommends minutes: less refuses honest senders with a slow clock, more
    ///     gives a captured request a longer life.
    /// - Throws: a reason to correct the set-up; nothing about requests.
    public init(
        _ dialect: VerificationDialect, secret: String, tolerance: Duration = .seconds(300)
    ) throws(VerificationError) {
        scheme = try dialect.scheme(secret: secret, window: Freshness(tolerance: tolerance))
    }

    /// Checks one request.
    ///
    /// An accepted request verifies again while it is fresh, and for ever if no time is signed: remember
    /// ``VerifiedEvent/id`` to accept each event once.
    ///
    /// - Throws: the first reason to refuse it. Answer 401, and nothing more: the reason is for your own log.
    public func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        try scheme.verify(request, now: now)
    }
}
