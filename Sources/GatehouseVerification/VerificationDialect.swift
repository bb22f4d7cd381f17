/// The dialect whose way of signing a request follows. The raw value is the name that a subscription gives as its
/// `dialect`.
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
    /// PlaceOS: HMAC-SHA256 over the timestamp in the body.
    case placeos
}

extension VerificationDialect {
    /// The way of signing, with the secret read once. - Throws: a reason to correct the set-up.
    func scheme(secret: String, window: Freshness) throws(VerificationError) -> any Scheme {
        switch self {
        case .standard: try StandardScheme(secret: secret, window: window)
        case .situator: try SituatorScheme(token: secret)
        case .prodatakey: try ProdataKeyScheme(secret: secret)
        case .oneupvision: try OneUpVisionScheme(secret: secret)
        case .basip: try BasIPScheme(secret: secret)
        case .placeos: try PlaceOSScheme(secret: secret, window: window)
        }
    }
}
