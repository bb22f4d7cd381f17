/// Names one command to a door, unique in the store.
public typealias CommandID = Identifier<DoorCommand>

/// Somebody's wish that a door be unlocked, and what came of it. It is written down before the door hears of it, so
/// that after a crash nobody believes that nothing was asked.
public struct DoorCommand: Hashable, Sendable {
    /// Its identifier, `cmd_…`.
    public let id: CommandID
    /// The door's organization.
    public let organization: OrganizationID
    /// The door.
    public let door: DoorID
    /// Who asked.
    public let asker: Asker
    /// What the asker gave so that the same wish told twice is one; unique for an asker.
    public let repetitionKey: String?
    /// The gateway that carries it out.
    public let incarnation: Incarnation
    /// When it was written down.
    public let begun: Instant
    /// What came of it, with the event that tells so; nil while nobody knows.
    public var ended: Ending?

    /// Describes a command that has not been carried out.
    public init(
        id: CommandID, to door: (organization: OrganizationID, id: DoorID), by asker: Asker, repetitionKey: String?,
        incarnation: Incarnation, begun: Instant
    ) {
        self.id = id
        self.organization = door.organization
        self.door = door.id
        self.asker = asker
        self.repetitionKey = repetitionKey
        self.incarnation = incarnation
        self.begun = begun
    }

    /// Who asked for something to be done.
    public struct Asker: Hashable, Sendable {
        /// A key's owner, a program's key, or a trigger.
        public let id: String
        /// The asker as events name one: `id`, `firstName`, `lastName`.
        public let user: JSONObject
        /// The asker as the audit names one; nil where that is not known, for it is not kept with the command.
        public var actor: AuditEntry.Actor?

        /// Joins the two.
        public init(id: String, user: JSONObject) {
            self.id = id
            self.user = user
        }
    }

    /// What came of a command.
    public struct Ending: Hashable, Sendable {
        /// What the door answered.
        public let outcome: CommandOutcome
        /// The event that tells of it.
        public let event: EventID

        /// Joins the two.
        public init(_ outcome: CommandOutcome, event: EventID) {
            self.outcome = outcome
            self.event = event
        }
    }
}

/// What a door answered: a value, not an error.
public struct CommandOutcome: Hashable, Sendable {
    /// The sorts of answer.
    public enum Result: String, CaseIterable, Sendable {
        /// It is unlocked.
        case opened
        /// It was heard and refused.
        case refused
        /// There is no way to tell this door anything.
        case unsupported
        /// Nobody answered in time; the door may have opened all the same.
        case unanswered
        /// The gateway ended before it could hear the answer.
        case unknown
    }

    /// The sort of answer.
    public let result: Result
    /// Why, in words for the asker; nil where the door opened.
    public let reason: String?

    /// Joins the two.
    public init(_ result: Result, _ reason: String? = nil) {
        self.result = result
        self.reason = reason
    }
}

/// What becomes of a wish to unlock a door.
public enum Commanded: Hashable, Sendable {
    /// The door was told, now or, by the same repetition key, before.
    case ended(DoorCommand)
    /// A wish of the same repetition key is being carried out.
    case underWay
    /// The repetition key stands for a command to another door.
    case usedElsewhere
}

/// Tells doors to open: each wish once, written down before and after, never repeated by itself.
public protocol DoorCommander: Sendable {
    /// Unlocks a door, and returns when the answer is durable with the event `door.unlock_commanded` that tells of it.
    ///
    /// - Throws: ``StoreError`` where the wish could not be written down, and then the door heard nothing of it; or
    ///   where what it answered could not be, and then it will be as soon as the store is back.
    func unlock(
        _ door: Door, for asker: DoorCommand.Asker, repetitionKey: String?
    ) async throws(StoreError) -> Commanded
}
