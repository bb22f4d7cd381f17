extension Subscription {
    /// Whether it sends to a caller's URL. An internationalized host equals its ASCII form, which is the stored one.
    public func isSent(to text: String?) -> Bool {
        guard let text else { return false }
        return terms.url.text.hasBytes(of: TargetURL(text)?.text ?? text)
    }
}
