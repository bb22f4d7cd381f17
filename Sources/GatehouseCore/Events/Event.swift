/// Something that happened. It is immutable once admitted; only an erasure of a person changes the stored event.
///
/// It is a class, so that an event with twenty deliveries is one object in memory.
public final class Event: Sendable {
    /// The gateway's own id, unique in the store.
    public let id: EventID
    /// Its reporter: CloudEvents' `source`.
    public let source: String
    /// The reporter's own id, unique within its source: CloudEvents' `id`.
    public let sourceID: String
    /// Its kind.
    public let kind: Kind
    /// Its organization.
    public let organization: OrganizationID
    /// When it happened, with the reporter's offset.
    public let time: EventTime
    /// When the gateway accepted it.
    public let received: Instant
    /// The blocks with the facts, in the reporter's order.
    public let data: JSONObject
    /// The reporter's own attributes: `subject`, `dataschema` and extension attributes of CloudEvents, in their order.
    public let attributes: JSONObject
    /// Names and numbers of the directory as they were when the event was admitted.
    public let labels: Labels
    /// Parts of a vendor's own message that its dialect would write differently, by the contract's keys. No caller who
    /// posts events can set it, so that no reporter's detail replaces a contract's field.
    public let original: JSONObject
    /// What was wrong with it, although it was accepted; nil for nothing.
    public let flag: Flag?
    /// Whether a person acted under duress. It is stored because matching reads it for every candidate subscription.
    public let isUnderDuress: Bool

    /// Joins the parts; the admission has made sure that they fit together.
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
        self.isUnderDuress = Event.passage("duress", of: parts.kind, access: told)?.bool ?? false
    }

    /// The parts, for making a similar event.
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

    /// The event with another flag; with nil it stays as it is.
    public func flagged(_ flag: Flag?) -> Event {
        guard let flag, flag != self.flag else { return self }
        var parts = parts
        parts.flag = flag
        return Event(parts)
    }

    /// The parts of an event.
    public struct Parts: Sendable {
        /// The gateway's own id.
        public var id: EventID
        /// CloudEvents' `source`.
        public var source: String
        /// CloudEvents' `id`.
        public var sourceID: String
        /// Its kind.
        public var kind: Kind
        /// Its organization.
        public var organization: OrganizationID
        /// When it happened.
        public var time: EventTime
        /// When the gateway accepted it.
        public var received: Instant
        /// What happened.
        public var data: JSONObject
        /// The reporter's own attributes; empty for the gateway's own events.
        public var attributes = JSONObject()
        /// Names and numbers copied from the directory.
        public var labels: Labels
        /// A vendor's own spellings; empty for an event from another interface.
        public var original = JSONObject()
        /// What was wrong with it.
        public var flag: Flag?

        /// Sets the four required parts; assign the others.
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

    /// Names and numbers from the directory at admission; copied, so that a later rename changes no body.
    public struct Labels: Hashable, Sendable {
        /// The panel's name.
        public var panelName: String?
        /// The panel's number.
        public var panelNumber: Int64?
        /// The door's name.
        public var doorName: String?
        /// The door's number at its panel.
        public var doorNumber: Int64?
        /// Whether passing the door counts as coming to or leaving work; nil for an event without a door.
        public var isAttendancePoint: Bool?
        /// The only door of the panel, if the event names the panel and no door. It is no fact of the event, and in no
        /// block, but a contract that requires a door may use it.
        public var onlyDoor: OnlyDoor?
        /// The IANA time zone of the panel.
        public var timeZone: String?
        /// The place's offset at the event's time, in minutes east of Greenwich; nil if the reporter wrote an offset.
        public var offsetMinutes: Int?
        /// The integers for the event's ids; empty until the store has given them.
        public var numbers = Numbers()

        /// No labels.
        public init() {}
    }

    /// The only door of a panel, as in the directory at admission.
    public struct OnlyDoor: Hashable, Sendable {
        /// Its identifier.
        public let id: DoorID
        /// Its number at the panel.
        public let number: Int64
        /// Its name.
        public let name: String

        /// Copies the facts of a door from the directory.
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

    /// Its panel.
    public var panel: PanelID? { data["panel"]?.text.map { PanelID($0) } }

    /// The panel for checking a scope: its own panel; for an event without a panel, such as one about a person, the
    /// panel that the reporter gives in `details.panelId`.
    public var scopePanel: PanelID? { panel ?? data["details"]?["panelId"]?.text.map { PanelID($0) } }

    /// Whether it is news of exactly that organization and not of one below: its own events, and the creation of one
    /// right below it. The creation is sent above, because a new organization cannot have subscriptions yet.
    public func isNews(of organization: OrganizationID) -> Bool {
        if self.organization == organization { return true }
        return kind == .organizationCreated && data["organization"]?["parent"] == .string(organization.text)
    }

    /// Its door.
    public var door: DoorID? { data["door"]?.text.map { DoorID($0) } }
}

extension Event {
    /// The stored form of the event: every part but the numbers of its names, in one JSON object that
    /// ``init(stored:numbers:)`` reads. It is final before the store has given the numbers and the position.
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
        return JSON.object(whole).bytes
    }

    /// Reads what ``stored`` wrote; nil if the bytes are damaged.
    public convenience init?(stored bytes: [UInt8], numbers: Numbers = Numbers()) {
        // Stored events were checked against the limits of their time.
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
        parts.labels.numbers = numbers
        parts.attributes = whole["attributes"]?.object ?? JSONObject()
        parts.original = whole["original"]?.object ?? JSONObject()
        parts.flag = whole["flag"]?.text.flatMap { Flag(rawValue: $0) }
        self.init(parts)
    }
}
