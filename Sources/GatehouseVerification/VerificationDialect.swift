/// Whose way of signing a request follows. The raw value is the name that a subscription gives as its `dialect`.
public enum VerificationDialect: String, CaseIterable, Hashable, Sendable {
    /// Gatehouse's own: Standard Webhooks 1.0 with a symmetric secret.
    case standard
    /// ProdataKey: HMAC-SHA1 over the body.
    case prodatakey
    /// Situator: a token, in a header or in the body.
    case situator
    /// 1UPVISION: HMAC-SHA256 over the body.
    case oneupvision
    /// BAS-IP: HMAC-SHA256 over the body.
    case basip
    /// PlaceOS: HMAC-SHA256 over the timestamp that stands in the body.
    case placeos
}
