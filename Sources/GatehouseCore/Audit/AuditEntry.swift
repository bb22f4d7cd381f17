/// One line of the audit: who did what to which thing, when and from where. It holds no secret and no data of an event.
public struct AuditEntry: Hashable, Sendable {
    /// What was done.
    public enum Action: String, CaseIterable, Hashable, Sendable {
        /// Added, changed or removed the subject of the entry. A login adds a session.
        case add, change, remove
        /// Held a subscription's deliveries, or released them.
        case pause, resume
        /// Gave a subscription a new secret.
        case rotateSecret = "rotate-secret"
        /// Cancelled all waiting deliveries of a subscription.
        case clear
        /// Made a delivery due at once, or cancelled it. With a subscription as the subject: many of its deliveries.
        case retry, cancel
        /// Started a replay of old events to a subscription, or cancelled one.
        case replay
        case cancelReplay = "cancel-replay"
        /// Asked a door to open, and the outcome.
        case unlock
        case unlockEnded = "unlock-ended"
        /// Erased a person's data.
        case erase
        /// Presented an invalid credential.
        case proveFailed = "prove-failed"
        /// Read more than every key may read.
        case read
        /// First use of a key that was given to a person.
        case accept
        /// The gateway itself disabled a subscription whose receiver is gone, made an expired one inactive, or pruned
        /// old data.
        case disable, expire, prune
    }

    /// The sorts of subjects.
    public enum Sort: String, CaseIterable, Hashable, Sendable {
        /// The noun of that name, by its id.
        case organization, panel, door, key, trigger, subscription, delivery, session, person
        /// One of the interfaces through which callers prove who they are.
        case interface
        /// Many events.
        case event
        /// A key that signs tokens.
        case tokenKey = "token-key"
        /// The store's contents, by sort.
        case store
    }

    /// Who did it: the key or trigger, the person who holds it, and the origin of the request.
    public struct Actor: Hashable, Sendable {
        /// The id of the key or trigger; nil for the gateway itself, and for a caller that proved no key.
        public let key: String?
        /// The person, or the program's key, in the form that events use.
        public let user: JSONObject
        /// The address and the program, in the form that events use.
        public let client: JSONObject

        /// Joins the three.
        public init(key: String?, user: JSONObject = JSONObject(), client: JSONObject = JSONObject()) {
            self.key = key
            self.user = user
            self.client = client
        }

        /// The gateway itself, for actions that no caller asked for.
        public static let gateway = Actor(key: nil, user: JSONObject([.init("id", "gateway")]))
    }

    /// When it was done; for counted actions, the time of the last one.
    public var time: Instant
    /// The organization that it concerns; nil for things above all trees.
    public let organization: OrganizationID?
    /// Who did it.
    public let actor: Actor
    /// What was done.
    public let action: Action
    /// The sort of the subject.
    public let sort: Sort
    /// The subject's id; for a session, the key that logged in.
    public let id: String
    /// Further facts: the names of changed fields, a command's id and outcome.
    public var details = JSONObject()

    /// Describes what was done.
    public init(
        _ action: Action, _ sort: Sort, _ id: String, of organization: OrganizationID?, by actor: Actor,
        at time: Instant
    ) {
        self.time = time
        self.organization = organization
        self.actor = actor
        self.action = action
        self.sort = sort
        self.id = id
    }

    /// The entry with the names of the changed fields. It omits their values, which may be secrets.
    public func naming(_ changed: [String]) -> AuditEntry {
        var entry = self
        entry.details["changed"] = .array(changed.map { .string($0) })
        return entry
    }
}

extension AuditEntry {
    /// The entry in the format of the native API; the store keeps the same.
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

    /// Reads what ``stored`` wrote; nil if the bytes are damaged.
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
        self.init(action, sort, id, of: organization, by: actor, at: time)
        self.details = details
    }
}
