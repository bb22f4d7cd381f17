/// One change of the directory, of the keys and triggers, or of a command to a door: what becomes durable in one
/// step, with its line of the audit and the events that tell of it.
public struct Change: Sendable {
    /// What is done.
    public enum Action: Hashable, Sendable, CaseIterable {
        case add, change, remove
    }

    /// What it is done to, as it is afterwards; for a removal, as it was.
    public enum Subject: Hashable, Sendable {
        case organization(Organization)
        case panel(Panel)
        case door(Door)
        case key(Key)
        case trigger(Trigger)
        /// Added where it is given, changed once: where it ends.
        case command(DoorCommand)
    }

    /// What is done.
    public let action: Action
    /// What it is done to.
    public let subject: Subject
    /// What the audit says of it, in the same commit; nil where nobody asked for it.
    public let audited: AuditEntry?
    /// The events that tell of it, in the same commit with all that they owe.
    public var events: [AdmittedEvent] = []

    /// Joins the parts.
    public init(
        _ action: Action, _ subject: Subject, audited: AuditEntry? = nil, telling events: [AdmittedEvent] = []
    ) {
        self.action = action
        self.subject = subject
        self.audited = audited
        self.events = events
    }
}

/// Events that are committed with a change, and the gateway that takes their deliveries in hand.
public struct ChangeEvents: Sendable {
    /// The events with what they owe.
    public let entries: [Entry]
    /// Who holds the deliveries that are born leased.
    public let incarnation: Incarnation

    /// Joins the two.
    public init(_ entries: [Entry], by incarnation: Incarnation) {
        self.entries = entries
        self.incarnation = incarnation
    }
}

extension Directory {
    /// Follows a change that was made; one of something else leaves the directory as it is.
    public mutating func follow(_ change: Change) {
        switch (change.action, change.subject) {
        case (.add, .organization(let organization)), (.change, .organization(let organization)): put(organization)
        case (.add, .panel(let panel)), (.change, .panel(let panel)): put(panel)
        case (.add, .door(let door)), (.change, .door(let door)): put(door)
        case (.remove, .organization(let organization)): remove(organization.id)
        case (.remove, .panel(let panel)): remove(panel)
        case (.remove, .door(let door)): remove(door)
        case (_, .key), (_, .trigger), (_, .command): break
        }
    }
}
