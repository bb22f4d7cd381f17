internal import GatehouseControl
internal import GatehouseCore

/// Makes events of ``Catalogue/raised`` kinds ready for the store, with the deliveries that they owe.
struct Raising: Sendable {
    let directory: DirectoryRegistry
    let subscriptions: SubscriptionRegistry
    let dialects: DialectTable

    /// The event with what it owes: to all who name its kind, in its organization and above, and to the operator. The
    /// one that it speaks of is none of them (`Subscription.wants`).
    ///
    /// The deliveries are born waiting, since this is no hot path; their subscriptions are looked at after the commit.
    func entry(_ event: AdmittedEvent) -> Entry {
        let lineage = directory.directory.lineage(of: event.event.organization) + [.operators]
        let owed = subscriptions.index.owed(event.event, lineage: lineage, dialects: dialects).map { other in
            let buffer = dialects[other.terms.dialect]?.retries(for: other.terms).buffer
            return Entry.Owed(other.id, isBornLeased: false, buffer: buffer)
        }
        return Entry(event, owed: owed)
    }

    /// Who is spoken of. Of the URL nothing is told: it may hold a token, and others read this.
    static func block(about subscription: Subscription, _ reason: String) -> JSONObject {
        JSONObject([
            JSONObject.Member("id", .string(subscription.id.text)),
            JSONObject.Member("name", .string(subscription.terms.name)),
            JSONObject.Member("dialect", .string(subscription.terms.dialect.text)),
            JSONObject.Member("reason", .string(reason)),
        ])
    }
}
