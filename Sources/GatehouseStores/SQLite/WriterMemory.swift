internal import GRDB
internal import GatehouseCore

/// The values that the writer remembers to avoid reading them back: the next numbers, and the numbers of subscriptions.
///
/// Only the writer's thread touches it, inside its jobs. After a rollback it contains values that never became real,
/// and it is read again before the next commit begins.
final class WriterMemory: @unchecked Sendable {
    /// The parts of a subscription that `append` needs.
    struct Known {
        let number: Int64
        let isDeleted: Bool
    }

    private var position: Int64 = 0
    private var delivery: Int64 = 0
    private var subscriptions: [SubscriptionID: Known] = [:]
    private var isTrusted = false
    /// Whether a job of the current commit has written an audit entry that is not linked yet.
    var hasUnlinkedAudit = false
    /// The numbers of names.
    let numbers = NumberCache()
    /// The health of each subscription.
    let health = HealthCache()
    /// How many deliveries are waiting and dead.
    let deliveryCounts: DeliveryCounts

    init(_ database: Database) throws {
        deliveryCounts = try DeliveryCounts(counting: database)
        try freshen(database)
    }

    /// Changes since the last commit may not have happened.
    func distrust() {
        isTrusted = false
        deliveryCounts.forgetPending()
    }

    /// Writes the collected changes of all jobs of a commit, at its end.
    func flush(in database: Database) throws { try health.flush(in: database) }

    /// Changes since the last commit have happened.
    func settle() { deliveryCounts.settle() }

    /// Reads everything again, if necessary.
    func freshen(_ database: Database) throws {
        guard !isTrusted else { return }
        // After all that ever existed: pruned rows have had their numbers too.
        position = try Int64.fetchOne(database, sql: Watermarks.newestPosition) ?? 0
        delivery = try Int64.fetchOne(database, sql: Watermarks.newestDelivery) ?? 0
        subscriptions = [:]
        numbers.forget()
        try health.load(database)
        let sql = "SELECT id, number, deleted IS NOT NULL AS gone FROM subscriptions"
        for row in try Row.fetchAll(database, sql: sql) {
            subscriptions[SubscriptionID(row["id"])] = Known(number: row["number"], isDeleted: row["gone"])
        }
        isTrusted = true
    }

    func nextPosition() -> Int64 {
        position += 1
        return position
    }

    func nextDelivery() -> Int64 {
        delivery += 1
        return delivery
    }

    /// A subscription, also a deleted one; nil for one that never existed.
    func known(_ subscription: SubscriptionID) -> Known? { subscriptions[subscription] }

    /// The number of a subscription that is not deleted.
    func number(of subscription: SubscriptionID) -> Int64? {
        subscriptions[subscription].flatMap { $0.isDeleted ? nil : $0.number }
    }

    func remember(_ subscription: SubscriptionID, as number: Int64) {
        subscriptions[subscription] = Known(number: number, isDeleted: false)
    }

    /// Forgets a deleted subscription without remaining data.
    func forget(_ subscription: SubscriptionID) { subscriptions[subscription] = nil }

    func bury(_ subscription: SubscriptionID, _ number: Int64) {
        deliveryCounts.bury(number)
        health.forget(number)
        subscriptions[subscription] = Known(number: number, isDeleted: true)
    }
}
