import GatehouseCore
import Synchronization

/// Opens no door: it answers as the test says, and remembers the requests.
final class ObedientCommander: DoorCommander {
    struct Wish: Hashable {
        let door: DoorID
        let asker: String
        let repetitionKey: String?
    }

    private struct State {
        var wishes: [Wish] = []
        var askers: [DoorCommand.Asker] = []
        var answer: (DoorCommand) -> Result<Commanded, StoreError> = {
            ObedientCommander.ended($0, CommandOutcome(.opened))
        }
    }

    private let state = Mutex(State())

    var wishes: [Wish] { state.withLock { $0.wishes } }

    /// The callers, as the audit names them.
    var askers: [DoorCommand.Asker] { state.withLock { $0.askers } }

    /// Sets the answer of every door from now on.
    func answer(_ outcome: CommandOutcome) {
        answer { Self.ended($0, outcome) }
    }

    private static func ended(_ command: DoorCommand, _ outcome: CommandOutcome) -> Result<Commanded, StoreError> {
        var command = command
        command.ended = DoorCommand.Ending(outcome, event: EventID(high: 1, low: 2))
        return .success(.ended(command))
    }

    func answer(_ answer: @escaping @Sendable (DoorCommand) -> Result<Commanded, StoreError>) {
        state.withLock { $0.answer = answer }
    }

    func unlock(
        _ door: Door, for asker: DoorCommand.Asker, repetitionKey: String?
    ) async throws(StoreError) -> Commanded {
        let command = DoorCommand(
            id: CommandID("cmd_1"), organization: door.organization, door: door.id, by: asker,
            repetitionKey: repetitionKey,
            incarnation: Incarnation(1), begun: Instant(seconds: 0))
        return try state.withLock { state in
            state.wishes.append(Wish(door: door.id, asker: asker.id, repetitionKey: repetitionKey))
            state.askers.append(asker)
            return state.answer(command)
        }.get()
    }
}

/// A driver for doors that are never opened here.
struct PaperDriver: DoorDriver {
    let secretSettings: Set<String> = ["password", "url"]
    let name = "paper"

    func faults(in settings: JSONObject) -> [ValidationError] {
        settings["colour"] == nil
            ? [ValidationError(.missingField, field: "driver.colour", "driver.colour is missing")] : []
    }

    func unlock(_ door: Door, settings: JSONObject) async -> CommandOutcome { CommandOutcome(.opened) }
}
