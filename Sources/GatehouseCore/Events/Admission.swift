internal import Crypto

/// How large an event may be.
public struct AdmissionBounds: Hashable, Sendable {
    /// The most bytes that one event may have, written compactly.
    public var eventBytes = 256 * 1024

    /// How many bytes the caller's own id of an event has at most.
    public static let longestID = 256
    /// How many bytes an event's source has at most.
    public static let longestSource = 512

    /// The defaults.
    public init() {}
}

/// Decides whether a draft becomes an event: held against the catalogue, the directory and the caller's rights.
///
/// Pure: the directory, the time and chance come in. A batch is admitted whole or not at all.
public struct Admission: Sendable {
    private let directory: Directory
    private let caller: OrganizationID?
    private let now: Instant
    private let bounds: AdmissionBounds

    /// Asked for the offset of a panel's time zone where the reporter tells the time in UTC; without one, UTC it stays.
    public var timeZones: (any TimeZones)?

    /// How far ahead of ours a panel's clock may be.
    static let clockSkew = Duration.seconds(600)

    /// Admits for one caller at one moment. `caller` is the organization of the caller's key; nil for a key above the
    /// trees.
    public init(
        directory: Directory, caller: OrganizationID?, now: Instant, bounds: AdmissionBounds = AdmissionBounds()
    ) {
        self.directory = directory
        self.caller = caller
        self.now = now
        self.bounds = bounds
    }

    /// Admits drafts, all or none. - Throws: the first fault, with the draft's place in the batch.
    public func admit(
        batch documents: [JSON], using random: inout some RandomNumberGenerator
    ) throws(Fault) -> [AdmittedEvent] {
        var admitted: [AdmittedEvent] = []
        admitted.reserveCapacity(documents.count)
        for (index, document) in documents.enumerated() {
            do {
                admitted.append(try admit(document, using: &random))
            } catch {
                throw error.at(index: index)
            }
        }
        return admitted
    }

    /// Admits one draft: a CloudEvent in its structured form. - Throws: the first fault, naming the field.
    public func admit(
        _ document: JSON, using random: inout some RandomNumberGenerator
    ) throws(Fault) -> AdmittedEvent {
        guard let draft = document.object else {
            throw Fault(.malformed, "an event is a JSON object, not \(document.sort)")
        }
        try checkAttributes(draft)
        let kind = try kind(of: draft)
        var parts = Event.Parts(
            id: EventID(at: now, using: &random), kind: kind, organization: try organization(of: draft), received: now)
        parts.source = try text(draft, "source", longest: AdmissionBounds.longestSource)
        parts.sourceID = try text(draft, "id", longest: AdmissionBounds.longestID)
        parts.time = try time(of: draft)
        parts.data = try BlockCheck(kind: kind).data(of: draft)
        parts.labels = try LabelCopy(directory: directory, organization: parts.organization).labels(for: parts.data)
        if parts.time.isInUTC, let zone = parts.labels.timeZone {
            parts.labels.offsetMinutes = timeZones?.offsetMinutes(of: zone, at: parts.time.instant)
        }
        let canonical = CanonicalJSON.bytes(document)
        guard canonical.count <= bounds.eventBytes else {
            throw Fault(.tooLarge, "the event has more than \(bounds.eventBytes) bytes")
        }
        return AdmittedEvent(event: Event(parts), digest: Array(SHA256.hash(data: canonical)))
    }

    // MARK: Attributes

    private static let attributes = [
        "specversion", "id", "source", "type", "time", "organization", "datacontenttype", "data",
    ]

    private func checkAttributes(_ draft: JSONObject) throws(Fault) {
        for member in draft.members where !Self.attributes.contains(member.key) {
            if member.key == "gatehouseid" || member.key == "receivedtime" {
                throw Fault(.unknownField, field: member.key, "\(member.key) is set by the gateway: leave it out")
            }
            let hint = Nearest.hint(for: member.key, among: Self.attributes)
            throw Fault(
                .unknownField, field: member.key,
                "an event has no attribute \(member.key)\(hint) "
                    + "What a kind has beyond the common blocks goes into data.details"
            )
        }
        guard let version = draft["specversion"] else {
            throw Fault(.missingField, field: "specversion", "specversion is missing: it is \"1.0\"")
        }
        guard version == "1.0" else { throw Fault(.outOfBounds, field: "specversion", "specversion takes \"1.0\"") }
        if let type = draft["datacontenttype"], type != "application/json" {
            throw Fault(.outOfBounds, field: "datacontenttype", "datacontenttype takes \"application/json\"")
        }
    }

    private func text(_ draft: JSONObject, _ name: String, longest: Int) throws(Fault) -> String {
        guard let value = draft[name] else { throw Fault(.missingField, field: name, "\(name) is missing") }
        guard let text = value.text else {
            throw Fault(.wrongType, field: name, "\(name) takes text, not \(value.sort)")
        }
        guard !text.isEmpty, text.utf8.count <= longest else {
            throw Fault(.outOfBounds, field: name, "\(name) takes 1 to \(longest) bytes of text")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw Fault(.outOfBounds, field: name, "\(name) takes no control characters")
        }
        return text
    }

    /// Told by the gateway about itself; from outside they could only mislead.
    public static let ownKinds: Set<Kind> = [
        .gatewayTest, .subscriptionDisabled, .sourceUnmapped, .doorUnlockCommanded,
    ]

    private func kind(of draft: JSONObject) throws(Fault) -> Kind {
        let name = try text(draft, "type", longest: 128)
        guard let kind = Kind(named: name) else {
            let hint = Nearest.hint(for: name, among: Catalogue.rows.lazy.map(\.name))
            throw Fault(
                .unknownKind, field: "type",
                "there is no kind \"\(name)\"\(hint) `gatehouse catalogue` and GET /v1/kinds list them all")
        }
        guard !Self.ownKinds.contains(kind) else {
            throw Fault(.unknownKind, field: "type", "\(name) is raised by the gateway alone and cannot be posted")
        }
        return kind
    }

    private func time(of draft: JSONObject) throws(Fault) -> EventTime {
        guard let value = draft["time"] else { return EventTime(now) }
        guard let time = value.text.flatMap({ EventTime($0) }) else {
            throw Fault(
                .wrongType, field: "time", "time takes a time by RFC 3339, as in 2026-03-11T08:15:30.250Z")
        }
        guard time.instant <= now + Self.clockSkew else {
            throw Fault(.outOfBounds, field: "time", "time lies more than 10 minutes ahead: check the panel's clock")
        }
        return time
    }

    private func organization(of draft: JSONObject) throws(Fault) -> OrganizationID {
        guard let value = draft["organization"] else {
            guard let caller else {
                throw Fault(
                    .missingField, field: "organization",
                    "organization is missing: a key that stands above all trees must say whose event it is")
            }
            return caller
        }
        guard let text = value.text else {
            throw Fault(.wrongType, field: "organization", "organization takes text, not \(value.sort)")
        }
        let id = OrganizationID(text)
        let isSeen = directory.organizations[id] != nil && (caller.map { directory.isWithin(id, $0) } ?? true)
        guard isSeen else {
            // The same words whether it is unknown or somebody else's, so that nothing is given away.
            throw Fault(.unknownOrganization, field: "organization", "this key knows no organization \"\(text)\"")
        }
        return id
    }
}

/// Holds an event's data against the blocks that its kind may carry.
private struct BlockCheck {
    let kind: Kind

    func data(of draft: JSONObject) throws(Fault) -> JSONObject {
        guard let value = draft["data"] else { return JSONObject() }
        guard let data = value.object else {
            throw Fault(.wrongType, field: "data", "data takes an object, not \(value.sort)")
        }
        for member in data.members { try check(member) }
        return data
    }

    private func check(_ member: JSONObject.Member) throws(Fault) {
        let field = "data.\(member.key)"
        guard let block = Block(rawValue: member.key) else {
            let hint = Nearest.hint(for: member.key, among: Block.allCases.lazy.map(\.rawValue))
            throw Fault(.unknownField, field: field, "there is no block \"\(member.key)\"\(hint)")
        }
        let allowed = Catalogue.row(of: kind).blocks
        guard allowed.contains(block) else {
            let names = Block.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
            throw Fault(
                .misplacedBlock, field: field,
                "an event of kind \(kind.name) carries no \(member.key); it may carry: \(names)")
        }
        try check(member.value, BlockTable.shape(of: block), field)
    }

    private func check(_ value: JSON, _ shape: BlockShape, _ field: String) throws(Fault) {
        switch shape {
        case .identifier:
            guard let text = value.text, IdentifierRule.allows(text) else {
                throw Fault(.wrongType, field: field, "\(field) takes an id: \(IdentifierRule.sentence)")
            }
        case .word(let words):
            if let complaint = FieldRule(field, .word(words)).complaint(value) {
                throw Fault(.outOfBounds, field: field, "\(field) \(complaint)")
            }
        case .fields(let rules): try check(value, rules, isOpen: false, field)
        case .open(let rules): try check(value, rules, isOpen: true, field)
        }
    }

    private func check(_ value: JSON, _ rules: [FieldRule], isOpen: Bool, _ field: String) throws(Fault) {
        guard let object = value.object else {
            throw Fault(.wrongType, field: field, "\(field) takes an object, not \(value.sort)")
        }
        for member in object.members {
            let path = "\(field).\(member.key)"
            guard let rule = rules.first(where: { $0.name == member.key }) else {
                if isOpen { continue }
                let hint = Nearest.hint(for: member.key, among: rules.lazy.map(\.name))
                throw Fault(
                    .unknownField, field: path,
                    "\(field) has no field \"\(member.key)\"\(hint) What is not common goes into details")
            }
            if let complaint = rule.complaint(member.value) {
                throw Fault(.wrongType, field: path, "\(path) \(complaint)")
            }
        }
    }
}

/// Looks up what an event speaks about and copies its names and numbers.
private struct LabelCopy {
    let directory: Directory
    let organization: OrganizationID

    func labels(for data: JSONObject) throws(Fault) -> Event.Labels {
        var labels = Event.Labels()
        var panel = try data["panel"]?.text.map { text throws(Fault) in try self.panel(PanelID(text)) }
        if let id = data["door"]?.text {
            let door = try self.door(DoorID(id))
            if let panel, panel.id != door.panel {
                throw Fault(
                    .unknownDoor, field: "data.door", "the door \(id) hangs on panel \(door.panel), not on \(panel.id)")
            }
            panel = panel ?? directory.panel(door.panel, in: organization)
            labels.doorName = door.name
            labels.doorNumber = door.number
            labels.isAttendancePoint = door.isAttendancePoint
        }
        labels.panelName = panel?.name
        labels.panelNumber = panel?.number
        labels.timeZone = panel?.timeZone ?? directory.organizations[organization]?.timeZone
        return labels
    }

    private func panel(_ id: PanelID) throws(Fault) -> Panel {
        if let panel = directory.panel(id, in: organization) { return panel }
        let known = directory.panels.keys.lazy.filter { $0.organization == organization }.map(\.id.text)
        throw Fault(
            .unknownPanel, field: "data.panel",
            "\(organization) has no panel \"\(id)\"\(Nearest.hint(for: id.text, among: known)) "
                + "To make it: POST /v1/panels "
                + #"{"id":"\#(id)","organization":"\#(organization)","name":"…"}"#)
    }

    private func door(_ id: DoorID) throws(Fault) -> Door {
        if let door = directory.door(id, in: organization) { return door }
        let known = directory.doors.keys.lazy.filter { $0.organization == organization }.map(\.id.text)
        throw Fault(
            .unknownDoor, field: "data.door",
            "\(organization) has no door \"\(id)\"\(Nearest.hint(for: id.text, among: known)) "
                + "To make it: POST /v1/doors "
                + #"{"id":"\#(id)","panel":"…","number":1,"name":"…"}"#)
    }
}
