internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func integrations() async throws(StoreError) -> [Integration] {
        try await read(.readIntegrations) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM integrations").map { try Self.integration($0) }
        }
    }

    func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership, audited: AuditEntry?
    ) async throws(StoreError) -> Int64 {
        let memory = memory
        return try await write(.addIntegration) { database in
            try Self.check(membership, in: database)
            let number = try Self.insert(subscription, in: database, memory)
            if case .founding(let integration) = membership { try Self.insert(integration, in: database) }
            try AuditWork(database: database, memory: memory).note(audited)
            return number
        }
    }

    func rotate(
        _ integration: Integration, changing subscriptions: [StoredSubscription], audited: AuditEntry?
    ) async throws(StoreError) {
        let memory = memory
        try await write(.rotateSecrets, Job.Size(rows: subscriptions.count + 1)) { database in
            // A refused job must leave nothing behind, because the commit continues with the others.
            try database.inSavepoint {
                try Self.replace(integration, in: database)
                for subscription in subscriptions { try Self.replace(subscription, in: database, memory) }
                try AuditWork(database: database, memory: memory).note(audited)
                return .commit
            }
        }
    }

    private static func check(_ membership: Integration.Membership, in database: Database) throws {
        let name = membership.integration.name
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM integrations WHERE organization = ? AND dialect = ?",
            arguments: [name.organization.text, name.dialect.text])
        let present = try row.map { try integration($0) }
        switch membership {
        case .founding: if present == nil { return }
        case .joining(let integration): if present == integration { return }
        }
        throw StoreError.conflict(
            index: nil, "the integration of \(name.organization) was changed meanwhile", field: nil)
    }

    private static func insert(_ integration: Integration, in database: Database) throws {
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

    private static func replace(_ integration: Integration, in database: Database) throws {
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

    private static func integration(_ row: Row) throws -> Integration {
        let text: String? = row["outgoing"]
        let outgoing = try text.map { text in
            guard let outgoing = Terms.Outgoing(stored: try? JSONParser.parse(Array(text.utf8))) else {
                throw StoreError.corrupt("an integration's outgoing secret cannot be read")
            }
            return outgoing
        }
        let name = Integration.Name(OrganizationID(row["organization"]), DialectName(row["dialect"]))
        return Integration(
            name, id: row["id"], secret: Secret(row["secret"]), outgoing: outgoing, revision: row["revision"])
    }
}
