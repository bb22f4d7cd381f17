internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func command(of asker: String, repetitionKey: String) async throws(StoreError) -> DoorCommand? {
        try await read(.readCommand) { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM commands WHERE asker = ? AND repetitionKey = ?",
                arguments: [asker, repetitionKey]
            ).map { try Self.command(in: $0) }
        }
    }

    func lostCommands(limit: Int) async throws(StoreError) -> [DoorCommand] {
        try await read(.readLostCommands) { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM commands WHERE outcome IS NULL
                    AND incarnation IN (SELECT number FROM incarnations WHERE ended IS NOT NULL)
                    ORDER BY begun, id LIMIT ?
                    """, arguments: [limit]
            ).map { try Self.command(in: $0) }
        }
    }

    private static func command(in row: Row) throws -> DoorCommand {
        let user: String = row["user"]
        guard let user = (try? JSONParser.parse(Array(user.utf8)))?.object else {
            throw StoreError.corrupt("a command does not name its caller")
        }
        var command = DoorCommand(
            id: CommandID(row["id"]), organization: OrganizationID(row["organization"]), door: DoorID(row["door"]),
            by: DoorCommand.Asker(id: row["asker"], user: user), repetitionKey: row["repetitionKey"],
            incarnation: Incarnation(row["incarnation"]), begun: Instant(microseconds: row["begun"]))
        if let outcome: String = row["outcome"] {
            guard let result = CommandOutcome.Result(rawValue: outcome),
                let event = EventID(row["event"] as String)
            else { throw StoreError.corrupt("the result of a command cannot be read") }
            command.ended = DoorCommand.Ending(CommandOutcome(result, row["reason"]), event: event)
        }
        return command
    }
}
