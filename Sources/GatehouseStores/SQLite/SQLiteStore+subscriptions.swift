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

    @discardableResult
    func add(_ subscription: StoredSubscription, audited: AuditEntry?) async throws(StoreError) -> Int64 {
        let memory = memory
        return try await write(.addSubscription) { database in
            let number = try Self.insert(subscription, in: database, memory)
            try AuditWork(database: database, memory: memory).note(audited)
            return number
        }
    }

    static func insert(
        _ subscription: StoredSubscription, in database: Database, _ memory: WriterMemory
    ) throws -> Int64 {
        let identity = subscription.identity
        try hold(subscription, to: subscription.urlRule, in: database)
        do {
            try database.execute(
                sql: """
                    INSERT INTO subscriptions (id, organization, terms, hold, revision, created, maker, integration)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    identity.id.text, identity.organization.text, subscription.terms.blob,
                    subscription.hold.rawValue, subscription.revision, identity.created.microseconds,
                    identity.maker, identity.integration,
                ])
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError.conflict(index: nil, "the id \(identity.id) is taken")
        }
        let number = database.lastInsertedRowID
        memory.remember(identity.id, as: number)
        return number
    }

    func change(
        _ subscription: StoredSubscription, events changeEvents: ChangeEvents?, audited: AuditEntry?
    ) async throws(StoreError) -> [Appended] {
        let memory = memory
        let rows = (changeEvents?.entries ?? []).map { EventRow($0) }
        return try await write(.changeSubscription) { database in
            // A refused job must leave nothing behind, because the commit continues with the others.
            var appended: [Appended] = []
            try database.inSavepoint {
                try Self.replace(subscription, in: database, memory)
                try AuditWork(database: database, memory: memory).note(audited)
                if let changeEvents {
                    let work = AppendWork(database: database, memory: memory, incarnation: changeEvents.incarnation)
                    appended = try work.run(rows)
                }
                return .commit
            }
            return appended
        }
    }

    static func replace(
        _ subscription: StoredSubscription, in database: Database, _ memory: WriterMemory
    ) throws {
        guard let number = memory.number(of: subscription.identity.id) else { throw StoreError.missing }
        try hold(subscription, to: subscription.urlRule, in: database)
        try UntoldWork.forget(number, unlessItKeeps: subscription.terms, in: database)
        try database.execute(
            sql: "UPDATE subscriptions SET terms = ?, hold = ?, revision = ? WHERE id = ? AND revision = ?",
            arguments: [
                subscription.terms.blob, subscription.hold.rawValue, subscription.revision,
                subscription.identity.id.text, subscription.revision - 1,
            ])
        guard database.changesCount == 1 else {
            throw StoreError.conflict(
                index: nil, "the subscription was changed meanwhile: read it and try again", field: nil)
        }
        memory.health.forgetEnded(number)
    }

    /// Finds another subscription with the same URL, in the transaction that is about to write this one.
    private static func hold(
        _ subscription: StoredSubscription, to rule: URLRule, in database: Database
    ) throws {
        let makers: String
        switch rule {
        case .shared: return
        case .once: makers = ""
        case .oncePerMaker: makers = "AND maker IS :maker"
        }
        let other = try String.fetchOne(
            database,
            sql: """
                SELECT id FROM subscriptions
                WHERE organization = :organization AND deleted IS NULL AND id <> :id \(makers)
                    AND json_extract(CAST(terms AS TEXT), '$.url') = json_extract(CAST(:terms AS TEXT), '$.url')
                    AND json_extract(CAST(terms AS TEXT), '$.dialect') = json_extract(CAST(:terms AS TEXT), '$.dialect')
                ORDER BY number LIMIT 1
                """,
            arguments: Self.arguments(of: subscription, rule))
        if let other { throw StoreError.urlTaken(by: SubscriptionID(other)) }
    }

    private static func arguments(of subscription: StoredSubscription, _ rule: URLRule) -> StatementArguments {
        let identity = subscription.identity
        var arguments: StatementArguments = [
            "organization": identity.organization.text, "id": identity.id.text, "terms": subscription.terms.blob,
        ]
        if rule == .oncePerMaker { arguments += ["maker": identity.maker] }
        return arguments
    }

    func delete(_ id: SubscriptionID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        let memory = memory
        try await write(.deleteSubscription) { database in
            guard let number = memory.number(of: id) else { throw StoreError.missing }
            try database.execute(
                sql: "UPDATE subscriptions SET deleted = ? WHERE number = ?", arguments: [now.microseconds, number])
            try database.execute(
                sql: """
                    UPDATE deliveries INDEXED BY deliveries_waiting SET state = 4, reason = ?
                    WHERE state = 0 AND subscription = ?
                    """,
                arguments: [DeliveryState.CancelReason.subscriptionDeleted.rawValue, number])
            try database.execute(sql: "DELETE FROM health WHERE subscription = ?", arguments: [number])
            try database.execute(sql: "DELETE FROM deaths WHERE subscription = ?", arguments: [number])
            try AuditWork(database: database, memory: memory).note(audited)
            memory.bury(id, number)
        }
    }
}
