/// Who did what to which thing, when and from where: one line of the audit. There is no secret in it and nothing of an
/// event.
public struct AuditEntry: Hashable, Sendable {
    /// What somebody did.
    public enum Action: String, CaseIterable, Hashable, Sendable {
        /// Made, changed or took out what the entry is about; who logs in makes a session.
        case add, change, remove
        /// Held a subscription's deliveries back, or let them go again.
        case pause, resume
        /// Gave a subscription another secret.
        case rotateSecret = "rotate-secret"
        /// Cancelled all that waited for a subscription.
        case clear
        /// Made a delivery due at once, or cancelled it; of a subscription, many of its deliveries.
        case retry, cancel
        /// Had old events owed to a subscription once more, or broke that off.
        case replay
        case cancelReplay = "cancel-replay"
        /// Told a door to open, and what came of that.
        case unlock
        case unlockEnded = "unlock-ended"
        /// Had what was known of a person blanked.
        case erase
        /// Presented a credential that proves nothing.
        case proveFailed = "prove-failed"
        /// Read what is more than what everybody with a key may read.
        case read
        /// Used a key for the first time that was given to a person.
        case accept
        /// Disabled a subscription whose receiver is gone, made one inactive whose time is over, took out what is kept
        /// no longer: what the gateway does by itself.
        case disable, expire, prune
    }

    /// The sorts of things that actions are done to.
    public enum Sort: String, CaseIterable, Hashable, Sendable {
        case organization, panel, door, key, trigger, subscription, delivery, session, person
        /// One of the ways in which callers prove who they are.
        case interface
        /// Events, many of them.
        case event
        /// A key by which tokens are signed.
        case tokenKey = "token-key"
        /// What the store keeps, by its sort.
        case store
    }

    /// Who did it: the key or trigger, the person behind it, and where the request came from.
    public struct Actor: Hashable, Sendable {
        /// The key's or the trigger's id; nil for the gateway itself, and for who proved none.
        public let key: String?
        /// The person, or the program's key, as events name one.
        public let user: JSONObject
        /// The address and the program, as events name them.
        public let client: JSONObject

        /// Joins the three.
        public init(key: String?, user: JSONObject = JSONObject(), client: JSONObject = JSONObject()) {
            self.key = key
            self.user = user
            self.client = client
        }

        /// The gateway itself, where no caller asked for it.
        public static let gateway = Actor(key: nil, user: JSONObject([.init("id", "gateway")]))
    }

    /// When it was done; of what is counted, when it was done last.
    public var time: Instant
    /// The organization that it concerns; nil for what stands above all trees.
    public let organization: OrganizationID?
    /// Who did it.
    public let actor: Actor
    /// What was done.
    public let action: Action
    /// What sort of thing it was done to.
    public let sort: Sort
    /// That thing's id; a session's is the key that logged in.
    public let id: String
    /// What else there is to say: the names of changed fields, a command's id and outcome.
    public var details = JSONObject()

    /// Describes what was done.
    public init(
        _ action: Action, _ subject: (sort: Sort, id: String), of organization: OrganizationID?,
        by actor: (actor: Actor, time: Instant)
    ) {
        self.time = actor.time
        self.organization = organization
        self.actor = actor.actor
        self.action = action
        self.sort = subject.sort
        self.id = subject.id
    }

    /// The entry, naming the fields that were changed: their values may be secrets.
    public func naming(_ changed: [String]) -> AuditEntry {
        var entry = self
        entry.details["changed"] = .array(changed.map { .string($0) })
        return entry
    }
}

extension AuditEntry {
    /// The entry in the words of the native API; the store keeps the same.
    public var json: JSONObject {
        var object = JSONObject()
        object["time"] = .string(RFC3339.text(time))
        object["organization"] = .text(organization?.text)
        object["key"] = .text(actor.key)
        object["user"] = .object(actor.user)
        object["clientInfo"] = .object(actor.client)
        object["deed"] = .string(action.rawValue)
        object["subject"] = .string(sort.rawValue)
        object["id"] = .string(id)
        object["details"] = .object(details)
        return object
    }

    /// The entry as the store keeps it.
    public var stored: [UInt8] { JSON.object(json).bytes }

    /// Reads what ``stored`` wrote; nil where the bytes are damaged.
    public init?(stored bytes: [UInt8]) {
        guard let whole = try? JSONParser.parse(bytes),
            let time = whole["time"]?.text.flatMap({ EventTime(stored: $0) })?.instant,
            let action = whole["deed"]?.text.flatMap({ Action(rawValue: $0) }),
            let sort = whole["subject"]?.text.flatMap({ Sort(rawValue: $0) }), let id = whole["id"]?.text,
            let user = whole["user"]?.object, let client = whole["clientInfo"]?.object,
            let details = whole["details"]?.object
        else { return nil }
        let actor = Actor(key: whole["key"]?.text, user: user, client: client)
        let organization = whole["organization"]?.text.map { OrganizationID($0) }
        self.init(action, (sort, id), of: organization, by: (actor, time))
        self.details = details
    }
}
