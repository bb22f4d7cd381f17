import GatehouseCore
import Testing

/// The promises of ``DirectoryStore`` about commands, tested with every store.
@Suite struct CommandConformanceTests {
    private static func command(
        _ id: String, key: String? = nil, of asker: String = "key_1", by incarnation: Incarnation, at second: Int = 0
    ) -> DoorCommand {
        let user = JSONObject([.init("id", .string(asker)), .init("firstName", "Ana"), .init("lastName", "Reis")])
        let asker = DoorCommand.Asker(id: asker, user: user)
        return DoorCommand(
            id: CommandID(id), organization: OrganizationID("acme"), door: DoorID("lobby"), by: asker,
            repetitionKey: key,
            incarnation: incarnation, begun: Scene.start + .seconds(second))
    }

    private static func ended(_ command: DoorCommand, _ result: CommandOutcome.Result) -> DoorCommand {
        var command = command
        command.ended = DoorCommand.Ending(
            CommandOutcome(result, result == .opened ? nil : "because"), event: EventID(high: 7, low: 9))
        return command
    }

    @Test(arguments: StoreOpener.all, CommandOutcome.Result.allCases)
    func aCommandIsReadBackBeforeAndAfterItsEnding(_ opener: StoreOpener, _ result: CommandOutcome.Result) async throws
    {
        try await withScene(opener) { scene in
            let incarnation = try await scene.store.begin(at: Scene.start)
            let command = Self.command("cmd_1", key: "k", by: incarnation)
            try await scene.store.apply(.add, .command(command))
            #expect(try await scene.store.command(of: "key_1", repetitionKey: "k") == command)
            let ended = Self.ended(command, result)
            try await scene.store.apply(.change, .command(ended))
            #expect(try await scene.store.command(of: "key_1", repetitionKey: "k") == ended)
            #expect(try await scene.store.command(of: "key_1", repetitionKey: "other") == nil)
            #expect(try await scene.store.command(of: "key_2", repetitionKey: "k") == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func repetitionKeyIsUniquePerAsker(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let incarnation = try await scene.store.begin(at: Scene.start)
            try await scene.store.apply(.add, .command(Self.command("cmd_1", key: "k", by: incarnation)))
            await #expect {
                try await scene.store.apply(.add, .command(Self.command("cmd_2", key: "k", by: incarnation)))
            } throws: { error in
                if case StoreError.conflict = error { true } else { false }
            }
            try await scene.store.apply(
                .add, .command(Self.command("cmd_3", key: "k", of: "key_2", by: incarnation)))
            for id in ["cmd_4", "cmd_5"] {
                try await scene.store.apply(.add, .command(Self.command(id, by: incarnation)))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func endingIsWrittenOnceAndWithItsEvent(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let incarnation = try await scene.store.begin(at: Scene.start)
            let command = Self.command("cmd_1", key: "k", by: incarnation)
            var random = SystemRandomNumberGenerator()
            let event = AdmittedEvent.own(
                .doorUnlockCommanded, of: OrganizationID("acme"), data: JSONObject(), in: Directory(),
                at: Scene.start, using: &random)
            let changeEvents = ChangeEvents([Entry(event, owed: [])], by: incarnation)
            let ended = Change(.change, .command(Self.ended(command, .opened)))
            await #expect(throws: StoreError.missing) { try await scene.store.apply(ended, events: changeEvents) }
            #expect(try await scene.store.event(event.event.id) == nil)
            try await scene.store.apply(.add, .command(command))
            _ = try await scene.store.apply(ended, events: changeEvents)
            #expect(try await scene.store.event(event.event.id) != nil)
            await #expect(throws: StoreError.missing) {
                try await scene.store.apply(.change, .command(Self.ended(command, .unknown)))
            }
            #expect(try await scene.store.command(of: "key_1", repetitionKey: "k")?.ended?.outcome.result == .opened)
            await #expect(throws: StoreError.missing) { try await scene.store.apply(.remove, .command(command)) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func commandsLeftByAnEndedGatewayAreFoundOldestFirst(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let (first, second) = (
                try await scene.store.begin(at: Scene.start), try await scene.store.begin(at: Scene.start)
            )
            let commands = [3, 1, 2].map { Self.command("cmd_\($0)", by: first, at: $0) }
            for command in commands + [Self.command("cmd_9", by: second)] {
                try await scene.store.apply(.add, .command(command))
            }
            #expect(try await scene.store.lostCommands(limit: 10).isEmpty)
            try await scene.store.end(first, at: Scene.start)
            try await scene.store.apply(.change, .command(Self.ended(commands[2], .opened)))
            #expect(try await scene.store.lostCommands(limit: 10).map(\.id.text) == ["cmd_1", "cmd_3"])
            #expect(try await scene.store.lostCommands(limit: 1).map(\.id.text) == ["cmd_1"])
        }
    }
}
