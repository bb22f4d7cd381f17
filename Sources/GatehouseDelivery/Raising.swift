internal import GatehouseControl
internal import GatehouseCore

/// Prepares events of ``Catalogue/raised`` kinds for the store, with the deliveries that they owe.
struct Raising: Sendable {
    let directory: DirectoryRegistry
    let subscriptions: SubscriptionRegistry
    let dialects: DialectTable

    /// The event with its deliveries: to all subscriptions that name its kind, in its organization and above, and to
    /// the operator. The subscription that it is about gets none (`Subscription.wants`).
    ///
    /// The deliveries are born waiting, because this is not a hot path; their subscriptions are checked after the
    /// commit.
    func entry(_ event: AdmittedEvent) -> Entry {
        let lineage = directory.directory.lineage(of: event.event.organization) + [.operators]
        let owed = subscriptions.index.owed(event.event, lineage: lineage, dialects: dialects).map { other in
            let buffer = dialects[other.terms.dialect]?.retries(for: other.terms).buffer
            return Entry.Owed(other.id, isBornLeased: false, buffer: buffer)
        }
        return Entry(event, owed: owed)
    }

    /// The subscription that the event is about. It does not contain the URL, which may hold a token, because others
    /// read the event.
    static func block(about subscription: Subscription, _ reason: String) -> JSONObject {
        JSONObject([
            JSONObject.Member("id", .string(subscription.id.text)),
            JSONObject.Member("name", .string(subscription.terms.name)),
            JSONObject.Member("dialect", .string(subscription.terms.dialect.text)),
            JSONObject.Member("reason", .string(reason)),
        ])
    }
}
