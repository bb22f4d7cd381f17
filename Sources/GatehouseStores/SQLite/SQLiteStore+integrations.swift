internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func integrations() async throws(StoreError) -> [Integration] {
        try await read(.readIntegrations) { database in
            try Row.fetchAll(database, sql: "SELECT * FROM integrations").map { try Self.integration($0) }
        }
    }

    static func integration(_ row: Row) throws -> Integration {
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
