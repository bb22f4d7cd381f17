/// Something that happened, immutable from the moment it is admitted; a person who is erased is blanked in what is kept
/// of it.
///
/// A class, so that one event owed to twenty subscriptions is one object in memory.
public final class Event: Sendable {
    /// The gateway's own id, unique in the store.
    public let id: EventID
    /// Who reported it: CloudEvents' `source`.
    public let source: String
    /// The reporter's own id, unique within its source: CloudEvents' `id`.
    public let sourceID: String
    /// What sort of thing happened.
    public let kind: Kind
    /// Whose event it is.
    public let organization: OrganizationID
    /// When it happened, in the reporter's offset.
    public let time: EventTime
    /// When the gateway took it.
    public let received: Instant
    /// The blocks that tell what happened, in the reporter's order.
    public let data: JSONObject
    /// The reporter's own attributes: `subject`, `dataschema` and extension attributes of CloudEvents, in their order.
    public let attributes: JSONObject
    /// Names and numbers of the directory as they were when the event was admitted.
    public let labels: Labels
    /// What a vendor's own message spelled otherwise than its dialect would write it, by the contract's keys. No
    /// caller who posts events can set it, so that no reporter's detail takes the place of a contract's field.
    public let original: JSONObject
    /// What was wrong with it, where it was taken all the same; nil for nothing.
    public let flag: Flag?
    /// Whether somebody acted under duress. Kept, since every candidate subscription asks for it.
    public let isUnderDuress: Bool

    /// Joins the parts; that they fit together is the admission's business.
    public init(_ parts: Parts) {
        self.id = parts.id
        self.source = parts.source
        self.sourceID = parts.sourceID
        self.kind = parts.kind
        self.organization = parts.organization
        self.time = parts.time
        self.received = parts.received
        self.data = parts.data
        self.attributes = parts.attributes
        self.labels = parts.labels
        self.original = parts.original
        self.flag = parts.flag
        let told = parts.data["access"]?.object
        self.isUnderDuress = Event.passage("duress", of: parts.kind, telling: told)?.bool ?? false
    }

    /// The parts, for another event that differs in some of them.
    public var parts: Parts {
        var parts = Parts(id: id, kind: kind, organization: organization, received: received)
        parts.source = source
        parts.sourceID = sourceID
        parts.time = time
        parts.data = data
        parts.attributes = attributes
        parts.labels = labels
        parts.original = original
        parts.flag = flag
        return parts
    }

    /// The same event with another flag; one that has none to get stays as it is.
    public func flagged(_ flag: Flag?) -> Event {
        guard let flag, flag != self.flag else { return self }
        var parts = parts
        parts.flag = flag
        return Event(parts)
    }

    /// What an event is made of.
    public struct Parts: Sendable {
        /// The gateway's own id.
        public var id: EventID
        /// CloudEvents' `source`.
        public var source: String
        /// CloudEvents' `id`.
        public var sourceID: String
        /// What sort of thing happened.
        public var kind: Kind
        /// Whose event it is.
        public var organization: OrganizationID
        /// When it happened.
        public var time: EventTime
        /// When the gateway took it.
        public var received: Instant
        /// What happened.
        public var data: JSONObject
        /// The reporter's own attributes; none of what the gateway itself tells.
        public var attributes = JSONObject()
        /// Names and numbers copied from the directory.
        public var labels: Labels
        /// A vendor's own spellings; none of what came in otherwise.
        public var original = JSONObject()
        /// What was wrong with it.
        public var flag: Flag?

        /// Names the four parts that an event cannot be without; the others follow by assignment.
        public init(id: EventID, kind: Kind, organization: OrganizationID, received: Instant) {
            self.id = id
            self.source = ""
            self.sourceID = ""
            self.kind = kind
            self.organization = organization
            self.time = EventTime(received)
            self.received = received
            self.data = JSONObject()
            self.labels = Labels()
        }
    }

    /// Names and numbers that the directory had at admission; copied, so that a later rename changes no body.
    public struct Labels: Hashable, Sendable {
        /// The panel's name.
        public var panelName: String?
        /// The panel's number.
        public var panelNumber: Int64?
        /// The door's name.
        public var doorName: String?
        /// The door's number at its panel.
        public var doorNumber: Int64?
        /// Whether passing the door counts as coming to or leaving work; nil where the event speaks of no door.
        public var isAttendancePoint: Bool?
        /// The only door of the panel, where the event names the panel and no door. It is no fact of the event, and
        /// stands in no block: a contract that requires a door may name it.
        public var onlyDoor: OnlyDoor?
        /// The IANA time zone that holds at the panel.
        public var timeZone: String?
        /// Minutes east of Greenwich that hold there at the event's time; nil where the reporter spelled an offset.
        public var offsetMinutes: Int?
        /// The integers that stand for the event's ids; none until the store has given them.
        public var numbers = Numbers()

        /// No labels.
        public init() {}
    }

    /// The door of a panel that has one alone, as the directory had it at admission.
    public struct OnlyDoor: Hashable, Sendable {
        /// Its identifier.
        public let id: DoorID
        /// Its number at the panel.
        public let number: Int64
        /// Its name.
        public let name: String

        /// Copies what the directory says of a door.
        public init(_ door: Door) {
            self.id = door.id
            self.number = door.number
            self.name = door.name
        }

        fileprivate init?(_ json: JSON?) {
            guard let id = json?["id"]?.text, let number = json?["number"]?.integer, let name = json?["name"]?.text
            else { return nil }
            self.id = DoorID(id)
            self.number = number
            self.name = name
        }

        fileprivate var json: JSON {
            ["id": .string(id.text), "number": .integer(number), "name": .string(name)]
        }
    }

    /// The panel that it speaks about.
    public var panel: PanelID? { data["panel"]?.text.map { PanelID($0) } }

    /// The panel by which a scope is judged: the one that it speaks about; of what belongs to no panel, such as a
    /// person, the one that its reporter says told of it, in `details.panelId`.
    public var scopePanel: PanelID? { panel ?? data["details"]?["panelId"]?.text.map { PanelID($0) } }

    /// Whether it is news of exactly that organization and not of one below: its own events, and that another was made
    /// right below it. An organization's creation is told before anybody can have subscribed in it.
    public func isNews(of organization: OrganizationID) -> Bool {
        if self.organization == organization { return true }
        return kind == .organizationCreated && data["organization"]?["parent"] == .string(organization.text)
    }

    /// The door that it speaks about.
    public var door: DoorID? { data["door"]?.text.map { DoorID($0) } }
}

extension Event {
    /// The event as the store keeps it: every part, in one JSON object that ``init(stored:)`` reads back.
    public var stored: [UInt8] {
        var labelled = JSONObject()
        labelled["panelName"] = labels.panelName.map { .string($0) }
        labelled["panelNumber"] = labels.panelNumber.map { .integer($0) }
        labelled["doorName"] = labels.doorName.map { .string($0) }
        labelled["doorNumber"] = labels.doorNumber.map { .integer($0) }
        labelled["onlyDoor"] = labels.onlyDoor?.json
        labelled["attendance"] = labels.isAttendancePoint.map { .bool($0) }
        labelled["timeZone"] = labels.timeZone.map { .string($0) }
        labelled["offsetMinutes"] = labels.offsetMinutes.map { .integer($0) }
        var whole = JSONObject(distinct: [
            .init("gatehouseid", .string(id.description)), .init("source", .string(source)),
            .init("id", .string(sourceID)), .init("type", .string(kind.name)),
            .init("organization", .string(organization.text)), .init("time", .string(time.text)),
            .init("received", .integer(received.microseconds)), .init("data", .object(data)),
            .init("labels", .object(labelled)),
        ])
        if !attributes.isEmpty { whole["attributes"] = .object(attributes) }
        if !original.isEmpty { whole["original"] = .object(original) }
        if let flag { whole["flag"] = .string(flag.rawValue) }
        return Event.stored(JSON.object(whole).bytes, numbered: labels.numbers)
    }

    /// Reads what ``stored`` wrote; nil where the bytes are damaged.
    public convenience init?(stored bytes: [UInt8]) {
        // What is kept was held to the bounds of its day.
        guard
            let whole = try? JSONParser.parse(bytes, depthLimit: JSONParser.deepest + 2, memberLimit: .max),
            let id = whole["gatehouseid"]?.text.flatMap({ EventID($0) }),
            let source = whole["source"]?.text, let sourceID = whole["id"]?.text,
            let kind = whole["type"]?.text.flatMap({ Kind(named: $0) }),
            let organization = whole["organization"]?.text,
            let time = whole["time"]?.text.flatMap({ EventTime(stored: $0) }),
            let received = whole["received"]?.integer, let data = whole["data"]?.object
        else { return nil }
        var parts = Parts(
            id: id, kind: kind, organization: OrganizationID(organization), received: Instant(microseconds: received))
        parts.source = source
        parts.sourceID = sourceID
        parts.time = time
        parts.data = data
        parts.labels.panelName = whole["labels"]?["panelName"]?.text
        parts.labels.panelNumber = whole["labels"]?["panelNumber"]?.integer
        parts.labels.doorName = whole["labels"]?["doorName"]?.text
        parts.labels.doorNumber = whole["labels"]?["doorNumber"]?.integer
        parts.labels.onlyDoor = OnlyDoor(whole["labels"]?["onlyDoor"])
        parts.labels.isAttendancePoint = whole["labels"]?["attendance"]?.bool
        parts.labels.timeZone = whole["labels"]?["timeZone"]?.text
        parts.labels.offsetMinutes = (whole["labels"]?["offsetMinutes"]?.integer).map { Int($0) }
        parts.labels.numbers = Numbers(whole["numbers"])
        parts.attributes = whole["attributes"]?.object ?? JSONObject()
        parts.original = whole["original"]?.object ?? JSONObject()
        parts.flag = whole["flag"]?.text.flatMap { Flag(rawValue: $0) }
        self.init(parts)
    }
}
