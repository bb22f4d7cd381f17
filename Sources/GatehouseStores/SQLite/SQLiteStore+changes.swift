internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func apply(_ change: Change, events changeEvents: ChangeEvents?) async throws(StoreError) -> Change.Result {
        let memory = memory
        let rows = (changeEvents?.entries ?? []).map { EventRow($0) }
        return try await write(change.operation, Job.Size(rows: change.rows)) { database in
            let work = ChangeWork(database: database, memory: memory)
            var result = Change.Result(appended: [])
            // A refused job must leave nothing behind, because the commit continues with the others.
            try database.inSavepoint {
                let number = try work.make(change)
                try AuditWork(database: database, memory: memory).note(change.audited)
                var appended: [Appended] = []
                if let changeEvents {
                    let work = AppendWork(database: database, memory: memory, incarnation: changeEvents.incarnation)
                    appended = try work.run(rows)
                }
                result = Change.Result(appended: appended, number: number)
                return .commit
            }
            work.remember(change, number: result.number)
            return result
        }
    }
}

extension Change {
    /// The name under which it is measured.
    fileprivate var operation: StoreOperation {
        switch (action, subject) {
        case (.add, .subscription(let subscription)):
            subscription.membership == nil ? .addSubscription : .addIntegration
        case (.change, .subscription): .changeSubscription
        case (.remove, .subscription): .deleteSubscription
        case (_, .integration): .rotateSecrets
        case (_, .tokenKey): .addTokenKey
        case (_, .organization), (_, .panel), (_, .door), (_, .key), (_, .trigger), (_, .command): .applyChange
        }
    }

    /// How much of a commit it fills.
    fileprivate var rows: Int {
        switch subject {
        case .integration(_, let members): members.count + 1
        case .organization, .panel, .door, .key, .trigger, .command, .subscription, .tokenKey: 1
        }
    }
}
