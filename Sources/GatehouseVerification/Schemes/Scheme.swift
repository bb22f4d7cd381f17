/// One way of signing, from the receiver's side: a new one is a type of its own and a line in ``Verifier``.
///
/// Implementations compare in constant time, accept exactly one spelling of a signature, and put no secret into an
/// error.
protocol Scheme: Sendable {
    /// Checks what the scheme signs and nothing else; returns what can then be trusted.
    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent
}
