internal import GRDB
internal import GatehouseCore
internal import Synchronization

/// How many deliveries of each subscription are waiting and dead, by lane. They are counted once, when the store is
/// opened, and updated with each commit, so reading them is cheap.
///
/// Only the writer's thread adds, inside its jobs; other threads read the committed counts.
final class DeliveryCounts: @unchecked Sendable {
    /// The subscription and the lane.
    struct Place: Hashable, Sendable {
        let subscription: Int64
        let lane: Lane

        init(_ subscription: Int64, _ lane: Lane) {
            self.subscription = subscription
            self.lane = lane
        }

        init(_ row: Row) throws {
            guard let lane = Lane(rawValue: row["lane"]) else {
                throw StoreError.corrupt("a delivery is in a lane that does not exist")
            }
            self.init(row["subscription"], lane)
        }
    }

    /// The counts.
    struct Count: Hashable, Sendable {
        var waiting = 0
        var dead = 0
    }

    private let committed: Mutex<[Place: Count]>
    // Touched by the writer's thread alone.
    private var pending: [Place: Count] = [:]
    private var buried: Set<Int64>
    private var newlyBuried: Set<Int64> = []

    /// Counts by the indexes of waiting and dead deliveries.
    init(counting database: Database) throws {
        var counts: [Place: Count] = [:]
        for row in try Row.fetchAll(database, sql: Self.count(0, "deliveries_oldest")) {
            counts[try Place(row), default: Count()].waiting = row["n"]
        }
        for row in try Row.fetchAll(database, sql: Self.count(3, "deliveries_oldest_dead")) {
            counts[try Place(row), default: Count()].dead = row["n"]
        }
        let deleted = try Int64.fetchAll(database, sql: "SELECT number FROM subscriptions WHERE deleted IS NOT NULL")
        buried = Set(deleted)
        let gone = buried
        committed = Mutex(counts.filter { !gone.contains($0.key.subscription) })
    }

    private static func count(_ state: Int, _ index: String) -> String {
        """
        SELECT subscription, lane, count(*) AS n FROM deliveries INDEXED BY \(index)
        WHERE state = \(state) GROUP BY subscription, lane
        """
    }

    /// The committed counts; entries with zero are left out.
    var counts: [Place: Count] { committed.withLock { $0 } }

    /// Records a job's change; nothing is counted for a deleted subscription.
    func add(waiting: Int = 0, dead: Int = 0, to place: Place) {
        guard waiting != 0 || dead != 0, !buried.contains(place.subscription) else { return }
        pending[place, default: Count()].waiting += waiting
        pending[place, default: Count()].dead += dead
    }

    /// Whether a subscription is deleted.
    func isBuried(_ subscription: Int64) -> Bool { buried.contains(subscription) }

    /// Marks a subscription as deleted.
    func bury(_ subscription: Int64) {
        if buried.insert(subscription).inserted { newlyBuried.insert(subscription) }
    }

    /// The commit succeeded.
    func settle() {
        guard !pending.isEmpty || !newlyBuried.isEmpty else { return }
        committed.withLock { counts in
            for (place, change) in pending {
                var count = counts[place] ?? Count()
                count.waiting += change.waiting
                count.dead += change.dead
                counts[place] = count == Count() ? nil : count
            }
            for subscription in newlyBuried {
                for lane in Lane.allCases { counts[Place(subscription, lane)] = nil }
            }
        }
        pending = [:]
        newlyBuried = []
    }

    /// The commit was rolled back.
    func forgetPending() {
        pending = [:]
        buried.subtract(newlyBuried)
        newlyBuried = []
    }
}
