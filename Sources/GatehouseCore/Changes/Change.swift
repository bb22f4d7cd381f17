/// One change of the directory, of the keys, triggers, subscriptions and token keys, or of a command to a door: what
/// becomes durable in one step, with its audit entry and its events.
public struct Change: Sendable {
    /// The action.
    public enum Action: Hashable, Sendable, CaseIterable {
        /// The subject is new, has another state, or is gone.
        case add, change, remove
    }

    /// The subject in its new state; for a removal, in its last state.
    public enum Subject: Hashable, Sendable {
        /// An organization, which keeps its place in the tree.
        case organization(Organization)
        /// A panel, which keeps its organization.
        case panel(Panel)
        /// A door, which keeps its panel.
        case door(Door)
        /// A key, which keeps its organization and its hash.
        case key(Key)
        /// A trigger, which keeps its organization and its hash.
        case trigger(Trigger)
        /// Added when the command is given, changed once, when it ends.
        case command(DoorCommand)
        /// In its stored form, with the rules that the store checks when it writes it.
        case subscription(StoredSubscription)
        /// Changed only, when its secret is replaced: the integration and all its subscriptions, each in its next
        /// revision. It is added with the subscription that founds it, and removed with its organization.
        case integration(Integration, members: [StoredSubscription])
        /// Added only: it is removed by its age.
        case tokenKey(TokenKey)
    }

    /// What a store answers when it has made a change.
    public struct Result: Hashable, Sendable {
        /// The results of the events' entries, in their order; empty if there are none.
        public let appended: [Appended]
        /// The number of an added subscription, higher than that of every earlier one, even a deleted one; nil for
        /// every other change.
        public let number: Int64?

        /// Joins the two.
        public init(appended: [Appended], number: Int64? = nil) {
            self.appended = appended
            self.number = number
        }
    }

    /// The action.
    public let action: Action
    /// The subject.
    public let subject: Subject
    /// Its audit entry, in the same commit; nil if no caller asked for the change.
    public let audited: AuditEntry?
    /// The events about it, in the same commit with all deliveries that they owe.
    public var events: [AdmittedEvent] = []

    /// Joins the parts.
    public init(
        _ action: Action, _ subject: Subject, audited: AuditEntry? = nil, events: [AdmittedEvent] = []
    ) {
        self.action = action
        self.subject = subject
        self.audited = audited
        self.events = events
    }
}

/// Events that are committed with a change, and the gateway that leases their deliveries.
public struct ChangeEvents: Sendable {
    /// The events with what they owe.
    public let entries: [Entry]
    /// The holder of the deliveries that are born leased.
    public let incarnation: Incarnation

    /// Joins the two.
    public init(_ entries: [Entry], by incarnation: Incarnation) {
        self.entries = entries
        self.incarnation = incarnation
    }
}

extension Directory {
    /// Applies a change; a change of another sort of subject leaves the directory as it is.
    public mutating func follow(_ change: Change) {
        switch (change.action, change.subject) {
        case (.add, .organization(let organization)), (.change, .organization(let organization)): put(organization)
        case (.add, .panel(let panel)), (.change, .panel(let panel)): put(panel)
        case (.add, .door(let door)), (.change, .door(let door)): put(door)
        case (.remove, .organization(let organization)): remove(organization.id)
        case (.remove, .panel(let panel)): remove(panel)
        case (.remove, .door(let door)): remove(door)
        case (_, .key), (_, .trigger), (_, .command), (_, .subscription), (_, .integration), (_, .tokenKey): break
        }
    }
}
