internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func subscriptions() async throws(StoreError) -> [StoredSubscription] {
        try await read(.readSubscriptions) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM subscriptions WHERE deleted IS NULL").map { row in
                guard let hold = Subscription.Hold(rawValue: row["hold"]) else {
                    throw StoreError.corrupt("a subscription is held in a way that does not exist")
                }
                let identity = Subscription.Identity(
                    id: SubscriptionID(row["id"]), organization: OrganizationID(row["organization"]),
                    created: Instant(microseconds: row["created"]), maker: row["maker"],
                    number: row["number"], integration: row["integration"])
                return StoredSubscription(
                    identity: identity, terms: row.bytes("terms"), hold: hold, revision: row["revision"])
            }
        }
    }
}
