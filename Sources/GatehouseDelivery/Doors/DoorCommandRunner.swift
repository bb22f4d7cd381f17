internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Opens doors. A command is durable before the door gets it, and its result before the caller hears it.
///
/// A door never gets a command twice: if the result could not be recorded, it is kept here and recorded later. If
/// this gateway ends in between, the next one records that the result is unknown.
final class DoorCommandRunner: DoorCommander {
    /// How often results that could not be recorded, and commands of dead gateways, are looked for.
    static let interval = Duration.seconds(5)
    /// How many commands of dead gateways are ended in one turn.
    private static let slice = 100

    private let store: any DirectoryStore
    private let intake: any ChangeIntake
    private let directory: DirectoryRegistry
    private let drivers: DriverTable
    private let lease: Snapshot<Incarnation>
    private let clock: any WallClock
    private let logger: Logger
    /// Results that the store has not accepted yet.
    private let owed = Mutex<[Ending]>([])

    /// A finished command, with the event that reports it.
    private struct Ending: Sendable {
        let command: DoorCommand
        let event: AdmittedEvent
    }

    init(_ parts: DeliveryService.Parts, intake: any ChangeIntake, lease: Snapshot<Incarnation>) {
        self.store = parts.store
        self.intake = intake
        self.directory = parts.directory
        self.drivers = parts.drivers
        self.lease = lease
        self.clock = parts.clock
        self.logger = parts.logger
    }

    func unlock(
        _ door: Door, for asker: DoorCommand.Asker, repetitionKey: String?
    ) async throws(StoreError) -> Commanded {
        if let repetitionKey, let known = try await store.command(of: asker.id, repetitionKey: repetitionKey) {
            return Self.answer(known, asked: door)
        }
        var random = SystemRandomNumberGenerator()
        let id = "cmd_" + Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let command = DoorCommand(
            id: CommandID(id), organization: door.organization, door: door.id, by: asker, repetitionKey: repetitionKey,
            incarnation: lease.value, begun: clock.now)
        do {
            let change = Change(
                .add, .command(command), audited: Self.entry(.unlock, about: command, at: command.begun))
            try await intake.commit(change)
        } catch .conflict(let index, let sentence, let field) {
            // A caller with the same repetition key was first.
            guard let repetitionKey, let known = try await store.command(of: asker.id, repetitionKey: repetitionKey)
            else { throw .conflict(index: index, sentence, field: field) }
            return Self.answer(known, asked: door)
        }
        // In a task of its own: if the caller disconnects, the door's answer must still be recorded.
        let carried = await Task { await self.carryOut(command, at: door) }.value
        return .ended(try carried.get())
    }

    /// Records results that could not be recorded before.
    func settle() async throws(StoreError) {
        for ending in owed.withLock({ $0 }) {
            try await commit(ending)
            owed.withLock { $0.removeAll { $0.command.id == ending.command.id } }
        }
    }

    /// Ends the commands that dead gateways left open.
    func endLost() async throws(StoreError) {
        let lost = try await store.lostCommands(limit: Self.slice)
        for command in lost {
            try await commit(
                self.ending(of: command, CommandOutcome(.unknown, "the gateway ended before the door answered")))
        }
    }

    // MARK: One command

    private static func answer(_ known: DoorCommand, asked door: Door) -> Commanded {
        guard known.door == door.id, known.organization == door.organization else { return .usedElsewhere }
        return known.ended == nil ? .underWay : .ended(known)
    }

    private func carryOut(_ command: DoorCommand, at door: Door) async -> Result<DoorCommand, StoreError> {
        let ending = self.ending(of: command, await outcome(at: door))
        do {
            try await commit(ending)
            return .success(ending.command)
        } catch {
            owed.withLock { $0.append(ending) }
            logger.error(
                "a door's answer could not be recorded yet",
                metadata: ["command": "\(command.id)", "error": "\(error)"])
            return .failure(error)
        }
    }

    private func outcome(at door: Door) async -> CommandOutcome {
        guard let driver = drivers.driver(of: door) else {
            return CommandOutcome(.unsupported, "the door has no driver: PATCH /v1/doors/\(door.id) sets one")
        }
        let limit = DriverTable.timeout(of: door)
        return await withTaskGroup(of: CommandOutcome?.self) { group in
            group.addTask { await driver.unlock(door, settings: door.driver ?? JSONObject()) }
            group.addTask {
                try? await self.clock.sleep(until: self.clock.now + limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? CommandOutcome(.unanswered, "the door did not answer in time; it may be open all the same")
        }
    }

    private func commit(_ ending: Ending) async throws(StoreError) {
        do {
            let entry = Self.entry(.unlockEnded, about: ending.command, at: ending.event.event.received)
            try await intake.commit(
                Change(.change, .command(ending.command), audited: entry, events: [ending.event]))
        } catch .missing {
            // Another gateway has recorded the result already, or this gateway did and lost the store's answer.
        }
    }

    /// The audit line of a command at its beginning or end.
    private static func entry(
        _ action: AuditEntry.Action, about command: DoorCommand, at now: Instant
    ) -> AuditEntry {
        let asker = command.asker
        let actor = asker.actor ?? AuditEntry.Actor(key: asker.id, user: asker.user)
        var entry = AuditEntry(action, .door, command.door.text, of: command.organization, by: actor, at: now)
        entry.details["command"] = .string(command.id.text)
        entry.details["outcome"] = command.ended.map { .string($0.outcome.result.rawValue) }
        return entry
    }

    private func ending(of command: DoorCommand, _ outcome: CommandOutcome) -> Ending {
        var random = SystemRandomNumberGenerator()
        var data = JSONObject([.init("door", .string(command.door.text))])
        var details = JSONObject([
            .init("outcome", .string(outcome.result.rawValue)), .init("id", .string(command.id.text)),
        ])
        details["reason"] = outcome.reason.map { .string($0) }
        details["user"] = .object(command.asker.user)
        data["details"] = .object(details)
        let event = AdmittedEvent.own(
            .doorUnlockCommanded, of: command.organization, data: data, in: directory.directory, at: clock.now,
            using: &random)
        var ended = command
        ended.ended = DoorCommand.Ending(outcome, event: event.event.id)
        return Ending(command: ended, event: event)
    }
}
