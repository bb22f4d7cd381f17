internal import Crypto
internal import HTTPTypes

extension PreparedRequest {
    /// The request to a subscription in its final form, for every dialect: with the terms of the connection, and with a
    /// Standard Webhooks signature if the owner wants one.
    ///
    /// - Parameters:
    /// - promise: its dialect's promise to the subscription.
    /// - events: the ids of the events in the request, in its order.
    public func leaving(
        for subscription: Subscription, by promise: RetryPromise, events: [EventID], at now: Instant
    ) -> PreparedRequest {
        var request = self
        request.organization = subscription.organization
        request.verifiesCertificates = subscription.terms.verifiesCertificates
        request.countsTries = promise.countsTries
        guard let secret = subscription.terms.standardSecret, let signer = StandardWebhooks(secret: secret) else {
            return request
        }
        let fields = signer.fields(id: Self.messageID(of: events), body: body, at: now)
        for field in fields { request.headers[field.name] = field.value }
        return request
    }

    /// The event's id; for several events an id derived from theirs: the same events are the same message.
    private static func messageID(of events: [EventID]) -> String {
        guard events.count > 1 else { return events.first?.description ?? "" }
        let names = events.map(\.description).joined(separator: ",")
        return "batch_" + Hex.text(SHA256.hash(data: Array(names.utf8)).prefix(16))
    }
}
