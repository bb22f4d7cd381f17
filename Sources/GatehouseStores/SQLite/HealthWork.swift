internal import GRDB
internal import GatehouseCore

/// The effect of results and other changes of deliveries on the health of their subscriptions, inside the transaction
/// that makes them durable.
struct HealthWork {
    let database: Database
    let memory: WriterMemory

    /// The state of a delivery.
    struct Place {
        let counted: DeliveryCounts.Place
        let state: Int
    }

    func place(of delivery: DeliveryID) throws -> Place? {
        try memory.hot.statement(.place, in: database).bind(delivery).first { row in
            guard let lane = Lane(rawValue: Int(row.integer())) else {
                throw StoreError.corrupt("a delivery is in a lane that does not exist")
            }
            return Place(counted: DeliveryCounts.Place(delivery.subscription, lane), state: Int(row.integer()))
        }
    }

    /// Records a written result. A delivered one changes no count: it was leased before.
    func note(_ row: SettledRow) throws {
        let subscription = row.delivery.subscription
        if row.state == StateCode.delivered, let attempt = row.attempt {
            guard !memory.deliveryCounts.isBuried(subscription) else { return }
            return memory.health.accepted(subscription, at: attempt.ended, status: attempt.status)
        }
        guard let place = try place(of: row.delivery), !isDeleted(place) else { return }
        if place.state == StateCode.waiting { memory.deliveryCounts.add(waiting: 1, to: place.counted) }
        if place.state == StateCode.dead { memory.deliveryCounts.add(dead: 1, to: place.counted) }
        if let attempt = row.attempt, !attempt.isAccepted { try failed(row, attempt, place) }
        if place.state == StateCode.dead { try died(row.delivery, place) }
        if place.state == StateCode.cancelled, row.reason == Self.ended { try metEnd(row.delivery, place) }
    }

    /// A waiting or dead delivery was cancelled.
    func cancelled(_ delivery: DeliveryID, from place: Place, _ reason: DeliveryState.CancelReason) throws {
        switch place.state {
        case StateCode.waiting: memory.deliveryCounts.add(waiting: -1, to: place.counted)
        case StateCode.dead: memory.deliveryCounts.add(dead: -1, to: place.counted)
        default: break
        }
        guard !isDeleted(place) else { return }
        if reason == .requested { memory.health.change(place.counted.subscription) { $0.cancelled += 1 } }
        if reason == .subscriptionExpired { try metEnd(delivery, place) }
    }

    private static let ended = DeliveryState.CancelReason.subscriptionExpired.rawValue

    private func isDeleted(_ place: Place) -> Bool { memory.deliveryCounts.isBuried(place.counted.subscription) }

    /// The delivery that meets a 410 and disables its subscription is reported by that event.
    private func failed(_ row: SettledRow, _ attempt: AttemptRow, _ place: Place) throws {
        let present = memory.health[place.counted.subscription]
        let crosses =
            present.failures + 1 >= HealthRule.failures && !present.isCrossed && !present.isTold && !row.isGone
        let isCrossed = crosses ? try !isRaised(row.delivery) : false
        memory.health.change(place.counted.subscription) { health in
            if health.failures == 0 { health.since = attempt.started }
            health.failures += 1
            health.outcome = attempt.outcome
            health.status = attempt.status
            if isCrossed { health.isCrossed = true }
        }
    }

    private func metEnd(_ delivery: DeliveryID, _ place: Place) throws {
        memory.health.change(place.counted.subscription) { $0.ended += 1 }
        try died(delivery, place)
    }

    /// Each urgent one is reported, normal ones together.
    private func died(_ delivery: DeliveryID, _ place: Place) throws {
        guard try !isRaised(delivery) else { return }
        switch place.counted.lane {
        case .urgent:
            try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO deaths (event, subscription, round) VALUES (?, ?, ?)"
            ).execute(arguments: delivery.arguments)
        case .normal:
            memory.health.change(place.counted.subscription) { health in
                health.untold += 1
                health.lastDead = (delivery.event.number, delivery.round)
            }
        }
    }

    /// Whether a delivery is itself a report about deliveries: its own result is never raised, or two unreachable
    /// receivers would report each other for ever.
    private func isRaised(_ delivery: DeliveryID) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT kind FROM events WHERE position = ?")
        let name = try String.fetchOne(statement, arguments: [delivery.event.number])
        return name.flatMap { Kind(named: $0) }.map { Catalogue.raised.contains($0) } ?? false
    }
}

/// Finds the oldest event with a waiting or dead delivery, by one probe of an index.
struct OldestQuery {
    let database: Database

    /// Its position.
    func event(of place: DeliveryCounts.Place) throws -> Int64? {
        [try waiting(place), try first(3, "deliveries_oldest_dead", place)].compactMap { $0 }.min()
    }

    /// When the oldest event with a waiting urgent delivery was accepted.
    func urgentSince(_ subscription: Int64) throws -> Instant? {
        try waiting(DeliveryCounts.Place(subscription, .urgent)).flatMap { try received($0) }
    }

    func received(_ position: Int64) throws -> Instant? {
        let statement = try database.cachedStatement(sql: "SELECT received FROM events WHERE position = ?")
        return try Int64.fetchOne(statement, arguments: [position]).map { Instant(microseconds: $0) }
    }

    private func waiting(_ place: DeliveryCounts.Place) throws -> Int64? { try first(0, "deliveries_oldest", place) }

    private func first(_ state: Int, _ index: String, _ place: DeliveryCounts.Place) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT event FROM deliveries INDEXED BY \(index)
                WHERE state = \(state) AND subscription = ? AND lane = ? ORDER BY event LIMIT 1
                """)
        return try Int64.fetchOne(statement, arguments: [place.subscription, place.lane.rawValue])
    }
}
