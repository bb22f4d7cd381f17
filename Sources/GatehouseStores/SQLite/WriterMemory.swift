internal import GRDB
internal import GatehouseCore

/// What the writer remembers so as not to read it back: the next numbers, and the numbers of subscriptions.
///
/// Only the writer's thread touches it, inside its jobs. Where a commit is undone it holds what never was, and is read
/// anew before the next one begins.
final class WriterMemory: @unchecked Sendable {
    /// A subscription as `append` needs it.
    struct Known {
        let number: Int64
        let isDeleted: Bool
    }

    private var position: Int64 = 0
    private var delivery: Int64 = 0
    private var subscriptions: [SubscriptionID: Known] = [:]
    private var isTrusted = false
    /// Whether a job of the commit under way has brought an entry of the audit, which is still to be linked.
    var hasUnlinkedAudit = false
    /// The numbers of names.
    let numbers = NumberCache()
    /// How the deliveries of each subscription fare.
    let health = HealthCache()
    /// How many deliveries wait and are dead.
    let deliveryCounts: DeliveryCounts

    init(_ database: Database) throws {
        deliveryCounts = try DeliveryCounts(counting: database)
        try freshen(database)
    }

    /// What was noted since the last commit may not have happened.
    func distrust() {
        isTrusted = false
        deliveryCounts.forgetPending()
    }

    /// Writes what was gathered from all jobs of a commit, at its end.
    func flush(in database: Database) throws { try health.flush(in: database) }

    /// What was noted since the last commit has happened.
    func settle() { deliveryCounts.settle() }

    /// Reads everything anew, where there is reason to.
    func freshen(_ database: Database) throws {
        guard !isTrusted else { return }
        // Behind all that ever were: what was pruned has had its number too.
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

    /// A subscription, deleted ones too; nil for one that never was.
    func known(_ subscription: SubscriptionID) -> Known? { subscriptions[subscription] }

    /// The number of a subscription that has not been deleted.
    func number(of subscription: SubscriptionID) -> Int64? {
        subscriptions[subscription].flatMap { $0.isDeleted ? nil : $0.number }
    }

    func remember(_ subscription: SubscriptionID, as number: Int64) {
        subscriptions[subscription] = Known(number: number, isDeleted: false)
    }

    /// A deleted one of which nothing is left.
    func forget(_ subscription: SubscriptionID) { subscriptions[subscription] = nil }

    func bury(_ subscription: SubscriptionID, _ number: Int64) {
        deliveryCounts.bury(number)
        health.forget(number)
        subscriptions[subscription] = Known(number: number, isDeleted: true)
    }
}
