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

    /// The newest position.
    private(set) var position: Int64 = 0
    /// First attempts of later events may be stored in the rows of their deliveries.
    private(set) var triesMark: Int64 = 0
    private var organizations: [OrganizationID: Int64] = [:]
    private var subscriptions: [SubscriptionID: Known] = [:]
    private var isTrusted = false
    /// Whether a job of the current commit has written an audit entry that is not linked yet.
    var hasUnlinkedAudit = false
    /// The numbers of names.
    let numbers = NumberCache()
    /// The seconds of positions.
    let moments = Moments()
    /// The header fields of attempts.
    let headerForms = HeaderForms()
    /// The frequent statements.
    let hot = HotStatements()
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
    func flush(in database: Database) throws {
        try health.flush(in: database)
        try moments.flush(in: database)
    }

    /// Changes since the last commit have happened.
    func settle() { deliveryCounts.settle() }

    /// Reads everything again, if necessary.
    func freshen(_ database: Database) throws {
        guard !isTrusted else { return }
        // After all that ever existed: pruned rows have had their numbers too.
        position = try Int64.fetchOne(database, sql: Watermarks.newestPosition) ?? 0
        triesMark = try Watermarks.tries.number(in: database)
        subscriptions = [:]
        organizations = [:]
        numbers.forget()
        try health.load(database)
        try moments.load(database)
        try headerForms.load(database)
        for row in try Row.fetchAll(database, sql: "SELECT id, number FROM organizationNumbers") {
            organizations[OrganizationID(row["id"])] = row["number"]
        }
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

    /// First attempts of events up to this one were taken out of the rows of their deliveries.
    func takesTries(after mark: Int64) { triesMark = max(triesMark, mark) }

    /// Gives positions back that nothing was written at.
    func returnPositions(after position: Int64) { self.position = position }

    /// The number of an organization; a new one gets its number now.
    func number(of organization: OrganizationID, in database: Database) throws -> Int64 {
        if let number = organizations[organization] { return number }
        try database.execute(
            sql: "INSERT INTO organizationNumbers (id) VALUES (?)", arguments: [organization.text])
        let number = database.lastInsertedRowID
        organizations[organization] = number
        return number
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
