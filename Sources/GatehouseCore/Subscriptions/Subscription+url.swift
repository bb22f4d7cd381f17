extension Subscription {
    /// Whether it is sent to the URL that a caller wrote. An internationalized host is the same as its ASCII form, in
    /// which it is kept.
    public func isSent(to text: String?) -> Bool {
        guard let text else { return false }
        return terms.url.text.hasBytes(of: TargetURL(text)?.text ?? text)
    }
}
