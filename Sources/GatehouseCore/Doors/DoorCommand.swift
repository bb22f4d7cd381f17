/// The identifier of one command to a door, unique in the store.
public typealias CommandID = Identifier<DoorCommand>

/// A request to unlock a door, and its outcome. It is stored before the door gets it, so that a crash leaves a record
/// of it.
public struct DoorCommand: Hashable, Sendable {
    /// Its identifier, `cmd_…`.
    public let id: CommandID
    /// The door's organization.
    public let organization: OrganizationID
    /// The door.
    public let door: DoorID
    /// Who requested it.
    public let asker: Asker
    /// The asker's key for recognizing a repeated request; unique for an asker.
    public let repetitionKey: String?
    /// The gateway that runs it.
    public let incarnation: Incarnation
    /// When it was stored.
    public let begun: Instant
    /// Its outcome, with the event about it; nil while it is not known.
    public var ended: Ending?

    /// Describes a command that has not run yet.
    public init(
        id: CommandID, organization: OrganizationID, door: DoorID, by asker: Asker, repetitionKey: String?,
        incarnation: Incarnation, begun: Instant
    ) {
        self.id = id
        self.organization = organization
        self.door = door
        self.asker = asker
        self.repetitionKey = repetitionKey
        self.incarnation = incarnation
        self.begun = begun
    }

    /// Who requested an action.
    public struct Asker: Hashable, Sendable {
        /// A key's owner, a program's key, or a trigger.
        public let id: String
        /// The asker in the form that events use: `id`, `firstName`, `lastName`.
        public let user: JSONObject
        /// The asker in the form that the audit uses; nil if not known, since it is not stored with the command.
        public var actor: AuditEntry.Actor?

        /// Joins the two.
        public init(id: String, user: JSONObject) {
            self.id = id
            self.user = user
        }
    }

    /// The end of a command.
    public struct Ending: Hashable, Sendable {
        /// The door's answer.
        public let outcome: CommandOutcome
        /// The event about it.
        public let event: EventID

        /// Joins the two.
        public init(_ outcome: CommandOutcome, event: EventID) {
            self.outcome = outcome
            self.event = event
        }
    }
}

/// A door's answer: a value, not an error.
public struct CommandOutcome: Hashable, Sendable {
    /// The sorts of answers.
    public enum Result: String, CaseIterable, Sendable {
        /// The door is unlocked.
        case opened
        /// The door got the command and refused it.
        case refused
        /// The gateway has no way to open this door.
        case unsupported
        /// No answer came in time; the door may have opened all the same.
        case unanswered
        /// The gateway ended before the answer came.
        case unknown
    }

    /// The sort of answer.
    public let result: Result
    /// The reason, in words for the asker; nil if the door opened.
    public let reason: String?

    /// Joins the two.
    public init(_ result: Result, _ reason: String? = nil) {
        self.result = result
        self.reason = reason
    }
}

/// The result of a request to unlock a door.
public enum Commanded: Hashable, Sendable {
    /// The door got the command, now or earlier with the same repetition key.
    case ended(DoorCommand)
    /// A request with the same repetition key is running.
    case underWay
    /// The repetition key belongs to a command to another door.
    case usedElsewhere
}

/// Opens doors: runs each request once, stores it before and after, and never repeats it by itself.
public protocol DoorCommander: Sendable {
    /// Unlocks a door, and returns when the answer is durable together with its event `door.unlock_commanded`.
    ///
    /// - Throws: ``StoreError`` if the request could not be stored, and then the door got nothing; or if the answer
    ///   could not be stored, and then it will be as soon as the store is back.
    func unlock(
        _ door: Door, for asker: DoorCommand.Asker, repetitionKey: String?
    ) async throws(StoreError) -> Commanded
}
