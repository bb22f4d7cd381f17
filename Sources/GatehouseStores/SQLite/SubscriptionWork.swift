internal import GRDB
internal import GatehouseCore

/// One change of a subscription, or of an integration with all its subscriptions.
///
/// It changes nothing in the writer's memory, because the change may still be refused with its events;
/// ``remember(_:_:number:)`` does, after them.
struct SubscriptionWork {
    let database: Database
    let memory: WriterMemory

    // MARK: Subscriptions

    /// Returns the number of the subscription.
    func add(_ subscription: StoredSubscription) throws -> Int64 {
        guard let membership = subscription.membership else { return try insert(subscription) }
        try check(membership)
        let number = try insert(subscription)
        if case .founding(let integration) = membership { try insert(integration) }
        return number
    }

    private func insert(_ subscription: StoredSubscription) throws -> Int64 {
        let identity = subscription.identity
        try hold(subscription, to: subscription.urlRule)
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
        return database.lastInsertedRowID
    }

    /// Replaces terms and hold, if the present revision is one below.
    func replace(_ subscription: StoredSubscription) throws {
        guard let number = memory.number(of: subscription.identity.id) else { throw StoreError.missing }
        try hold(subscription, to: subscription.urlRule)
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
    }

    /// Deletes a subscription, and cancels its waiting deliveries.
    func remove(_ subscription: StoredSubscription) throws {
        guard let number = memory.number(of: subscription.identity.id), let deleted = subscription.deleted else {
            throw StoreError.missing
        }
        try database.execute(
            sql: "UPDATE subscriptions SET deleted = ?, lastEvent = ? WHERE number = ?",
            arguments: [deleted.microseconds, memory.position, number])
        try database.execute(
            sql: """
                UPDATE deliveries INDEXED BY deliveries_waiting SET state = 4, reason = ?
                WHERE state = 0 AND subscription = ?
                """,
            arguments: [DeliveryState.CancelReason.subscriptionDeleted.rawValue, number])
        try database.execute(sql: "DELETE FROM health WHERE subscription = ?", arguments: [number])
        try database.execute(sql: "DELETE FROM deaths WHERE subscription = ?", arguments: [number])
    }

    /// Follows a change in the writer's memory.
    ///
    /// - Parameter given: the number that was given to an added subscription.
    func remember(_ action: Change.Action, _ id: SubscriptionID, number given: Int64?) {
        guard let number = given ?? memory.number(of: id) else { return }
        switch action {
        case .add: memory.remember(id, as: number)
        case .change: memory.health.forgetEnded(number)
        case .remove: memory.bury(id, number)
        }
    }

    /// Finds another subscription with the same URL, in the transaction that is about to write this one.
    private func hold(_ subscription: StoredSubscription, to rule: URLRule) throws {
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
            arguments: arguments(of: subscription, rule))
        if let other { throw StoreError.urlTaken(by: SubscriptionID(other)) }
    }

    private func arguments(of subscription: StoredSubscription, _ rule: URLRule) -> StatementArguments {
        let identity = subscription.identity
        var arguments: StatementArguments = [
            "organization": identity.organization.text, "id": identity.id.text, "terms": subscription.terms.blob,
        ]
        if rule == .oncePerMaker { arguments += ["maker": identity.maker] }
        return arguments
    }

    // MARK: Integrations

    /// Replaces the secrets of an integration, and the terms of its subscriptions.
    func rotate(_ integration: Integration, _ members: [StoredSubscription]) throws {
        try replace(integration)
        for member in members { try replace(member) }
    }

    private func check(_ membership: Integration.Membership) throws {
        let name = membership.integration.name
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM integrations WHERE organization = ? AND dialect = ?",
            arguments: [name.organization.text, name.dialect.text])
        let present = try row.map { try SQLiteStore.integration($0) }
        switch membership {
        case .founding: if present == nil { return }
        case .joining(let integration): if present == integration { return }
        }
        throw StoreError.conflict(
            index: nil, "the integration of \(name.organization) was changed meanwhile", field: nil)
    }

    private func insert(_ integration: Integration) throws {
        try database.execute(
            sql: """
                INSERT INTO integrations (organization, dialect, id, secret, outgoing, revision)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                integration.name.organization.text, integration.name.dialect.text, integration.id,
                integration.secret.revealed, integration.outgoing?.stored.compact, integration.revision,
            ])
    }

    private func replace(_ integration: Integration) throws {
        try database.execute(
            sql: """
                UPDATE integrations SET secret = ?, outgoing = ?, revision = ?
                WHERE organization = ? AND dialect = ? AND revision = ?
                """,
            arguments: [
                integration.secret.revealed, integration.outgoing?.stored.compact, integration.revision,
                integration.name.organization.text, integration.name.dialect.text, integration.revision - 1,
            ])
        guard database.changesCount == 1 else {
            let name = integration.name.organization
            throw StoreError.conflict(index: nil, "the integration of \(name) was changed meanwhile", field: nil)
        }
    }
}
