internal import Crypto

/// The limits for an event.
public struct AdmissionBounds: Hashable, Sendable {
    /// The maximum size of one event, in bytes of compact JSON.
    public var eventBytes = 256 * 1024

    /// The maximum nesting depth of data in base64.
    public var depth = JSONParser.defaultDepth

    /// The maximum length of the caller's own id of an event, in bytes.
    public static let longestID = 256
    /// The maximum length of an event's source, in bytes.
    public static let longestSource = 512

    /// The defaults.
    public init() {}
}

/// Decides whether a draft becomes an event: checks it against the catalogue, the directory and the caller's rights.
///
/// It is pure: the directory, the time and the random source are arguments. A batch is admitted whole or not at all.
public struct Admission: Sendable {
    private let directory: Directory
    private let caller: Caller
    private let now: Instant
    private let bounds: AdmissionBounds

    /// How far a panel's clock may be ahead of ours.
    static let clockSkew = Duration.seconds(600)

    /// An admission for one caller at one moment.
    public init(directory: Directory, caller: Caller, now: Instant, bounds: AdmissionBounds = AdmissionBounds()) {
        self.directory = directory
        self.caller = caller
        self.now = now
        self.bounds = bounds
    }

    /// Admits drafts, all or none. - Throws: the first fault, with the draft's place in the batch.
    public func admit(
        batch documents: [JSON], using random: inout some RandomNumberGenerator
    ) throws(ValidationError) -> [AdmittedEvent] {
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
    ) throws(ValidationError) -> AdmittedEvent {
        guard let posted = document.object else {
            throw ValidationError(.malformed, "an event is a JSON object, not \(document.sort)")
        }
        let whole = try CloudEventDraft(posted, depth: bounds.depth)
        let draft = whole.draft
        let kind = try kind(of: draft)
        var parts = Event.Parts(
            id: EventID(at: now, using: &random), kind: kind, organization: try organization(of: draft), received: now)
        parts.source = try source(of: draft)
        parts.sourceID = try text(draft, "id", longest: AdmissionBounds.longestID)
        let told = try time(of: draft)
        parts.time = told?.time ?? parts.time
        parts.attributes = whole.own
        parts.data = try BlockCheck(kind: kind).data(of: draft)
        try PassageCheck.settle(&parts)
        let facts = DirectoryFacts(directory, of: parts.organization)
        try facts.fill(in: &parts, from: caller.onlyPanel)
        if let told { facts.place(told, in: &parts) }
        try checkClock(&parts)
        try caller.checkReach(of: parts)
        let canonical = CanonicalJSON.bytes(whole.identity)
        guard canonical.count <= bounds.eventBytes else {
            throw ValidationError(.tooLarge, "the event has more than \(bounds.eventBytes) bytes")
        }
        return AdmittedEvent(event: Event(parts), digest: Array(SHA256.hash(data: canonical)))
    }

    // MARK: Attributes

    private func text(_ draft: JSONObject, _ name: String, longest: Int) throws(ValidationError) -> String {
        guard let value = draft[name] else { throw ValidationError(.missingField, field: name, "\(name) is missing") }
        guard let text = value.text else {
            throw ValidationError(.wrongType, field: name, "\(name) takes text, not \(value.sort)")
        }
        guard !text.isEmpty, text.utf8.count <= longest else {
            throw ValidationError(.outOfBounds, field: name, "\(name) takes 1 to \(longest) bytes of text")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw ValidationError(.outOfBounds, field: name, "\(name) takes no control characters")
        }
        return text
    }

    private func kind(of draft: JSONObject) throws(ValidationError) -> Kind {
        let name = try text(draft, "type", longest: 128)
        guard let kind = Kind(named: name) else {
            let hint = Nearest.hint(for: name, among: Catalogue.rows.lazy.map(\.name))
            throw ValidationError(
                .unknownKind, field: "type",
                "there is no kind \"\(name)\"\(hint) `gatehouse catalogue` and GET /v1/kinds list them all")
        }
        try checkTeller(of: kind)
        return kind
    }

    private func checkTeller(of kind: Kind) throws(ValidationError) {
        let teller = Catalogue.row(of: kind).teller
        guard !teller.allows(caller.role) else { return }
        switch teller {
        case .gateway:
            throw ValidationError(
                .unknownKind, field: "type", "\(kind.name) is raised by the gateway alone and cannot be posted")
        case .admin, .source:
            throw ValidationError(
                .forbidden, field: "type",
                "a key of the role \(caller.role.rawValue) may not tell of \(kind.name), which speaks of the directory "
                    + "or of keys: it takes a key of the role admin")
        }
    }

    /// The time as the caller wrote it; nil for now.
    private func time(of draft: JSONObject) throws(ValidationError) -> TimeText? {
        guard let value = draft["time"] else { return nil }
        return try TimeText(ofEvent: value)
    }

    /// An urgent event is accepted with any clock, and flagged; a normal event is refused.
    private func checkClock(_ parts: inout Event.Parts) throws(ValidationError) {
        guard parts.time.instant > now + Self.clockSkew else { return }
        guard parts.lane == .urgent else {
            throw ValidationError(
                .outOfBounds, field: "time", "time lies more than 10 minutes ahead: check the panel's clock")
        }
        if parts.flag == nil { parts.flag = .clock }
    }

    /// No caller may use the gateway's own source: the event would pass for one of the gateway.
    private func source(of draft: JSONObject) throws(ValidationError) -> String {
        let source = try text(draft, "source", longest: AdmissionBounds.longestSource)
        guard source != AdmittedEvent.ownSource else {
            throw ValidationError(
                .outOfBounds, field: "source",
                "\"\(source)\" is the source of what the gateway itself tells: name another")
        }
        return source
    }

    private func organization(of draft: JSONObject) throws(ValidationError) -> OrganizationID {
        guard let value = draft["organization"] else {
            if let organization = caller.organization { return organization }
            return try onlyOrganization(of: draft["data"])
        }
        guard let text = value.text else {
            throw ValidationError(.wrongType, field: "organization", "organization takes text, not \(value.sort)")
        }
        let id = OrganizationID(text)
        let isSeen =
            directory.organizations[id] != nil && (caller.organization.map { directory.isWithin(id, $0) } ?? true)
        guard isSeen else {
            // The same words for an unknown id and for one of another organization, so that the answer gives nothing
            // away.
            throw ValidationError(
                .unknownOrganization, field: "organization", "this key knows no organization \"\(text)\"")
        }
        return id
    }

    /// The organization of an event from a key above all trees that names none: the only one with the panel or door.
    private func onlyOrganization(of data: JSON?) throws(ValidationError) -> OrganizationID {
        let panel = data?["panel"]?.text.map { PanelID($0) }
        let door = data?["door"]?.text.map { DoorID($0) }
        if let only = directory.onlyOrganization(having: panel, door) { return only }
        if let door, !directory.isKnown(door) {
            throw ValidationError(
                .unknownDoor, field: "data.door",
                "no organization has a door \"\(door)\": correct its id, or say in organization whose event it is")
        }
        if let panel, !directory.isKnown(panel) {
            throw ValidationError(
                .unknownPanel, field: "data.panel",
                "no organization has a panel \"\(panel)\": correct its id, or say in organization whose event it is")
        }
        throw ValidationError(
            .missingField, field: "organization",
            "organization is missing: a key that stands above all trees must say whose event it is, unless one "
                + "organization alone has the panel or door that the event names")
    }
}
