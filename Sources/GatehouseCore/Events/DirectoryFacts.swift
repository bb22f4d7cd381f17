/// What the directory says of the panel and the door that an event names.
///
/// What the reporter left out is filled in: the panel of a named door stands in the event's data from then on, so that
/// what a subscription is matched by and what its body says are one value. Names and numbers are copied, so that a
/// later rename changes no body.
struct DirectoryFacts {
    private let directory: Directory
    private let organization: OrganizationID

    init(_ directory: Directory, of organization: OrganizationID) {
        self.directory = directory
        self.organization = organization
    }

    /// Fills in what a reporter left out. An urgent event is taken with whatever panel or door it names, and flagged:
    /// an alarm that nobody has entered in the directory is an alarm.
    ///
    /// `only` is the only panel that the reporter may tell of: an alarm that names no panel, at a door that is not
    /// known, can be of no other.
    ///
    /// - Throws: for a normal event, ``ValidationError/Code/unknownPanel`` and ``ValidationError/Code/unknownDoor``
    ///   where the directory has
    ///   no such thing, or has the door at another panel than the event names.
    func fill(in parts: inout Event.Parts, from only: PanelID? = nil) throws(ValidationError) {
        let doorID = parts.data["door"]?.text
        let door = doorID.flatMap { directory.door(DoorID($0), in: organization) }
        if let only, doorID != nil, door == nil, parts.lane == .urgent { Self.name(only, ifNone: &parts) }
        let panelID = parts.data["panel"]?.text
        let panel = panelID.flatMap { directory.panel(PanelID($0), in: organization) }
        if let panelID, panel == nil { try take(unknownPanel(panelID), as: .unknownPanel, &parts) }
        if let doorID, door == nil { try take(unknownDoor(doorID), as: .unknownDoor, &parts) }
        if let panel, let door, panel.id != door.panel {
            try take(
                ValidationError(
                    .unknownDoor, field: "data.door",
                    "the door \(door.id) hangs on panel \(door.panel), not on \(panel.id)"), as: .contradiction, &parts)
        }
        copy(panel, door, into: &parts)
    }

    /// Of several flags the first that says what is not known stays.
    private func take(
        _ fault: @autoclosure () -> ValidationError, as flag: Event.Flag, _ parts: inout Event.Parts
    ) throws(ValidationError) {
        guard parts.lane == .urgent else { throw fault() }
        if parts.flag == nil || parts.flag == .contradiction { parts.flag = flag }
    }

    /// Fills in what is known of an event that the gateway itself raises; what it names may be there no more.
    func fillKnown(in parts: inout Event.Parts) {
        let panel = parts.data["panel"]?.text.flatMap { directory.panel(PanelID($0), in: organization) }
        let door = parts.data["door"]?.text.flatMap { directory.door(DoorID($0), in: organization) }
        copy(panel, door, into: &parts)
    }

    private func copy(_ named: Panel?, _ door: Door?, into parts: inout Event.Parts) {
        // Where the door is known the panel is the door's, also where an alarm names another: who may tell of it, who
        // is owed it and what the bodies say are read from one panel, and the flag says that another was named.
        let panel = door.flatMap { directory.panel($0.panel, in: organization) } ?? named
        if let panel { Self.name(panel.id, ifNone: &parts) }
        if let door, parts.data["panel"] != nil { parts.data["panel"] = .string(door.panel.text) }
        parts.labels.panelName = panel?.name
        parts.labels.panelNumber = panel?.number
        parts.labels.doorName = door?.name
        parts.labels.doorNumber = door?.number
        parts.labels.isAttendancePoint = door?.isAttendancePoint
        if door == nil, parts.data["door"] == nil, Catalogue.row(of: parts.kind).blocks.contains(.door) {
            parts.labels.onlyDoor = panel.flatMap { directory.onlyDoor(of: $0) }.map { Event.OnlyDoor($0) }
        }
        parts.labels.timeZone = panel?.timeZone ?? directory.organizations[organization]?.timeZone
        label(&parts)
    }

    /// Puts a time that was told without a zone into that of the place, which ``fill(in:from:)`` has found: the
    /// panel's, else the organization's. Where nothing tells the offsets of zones it stays in UTC.
    func place(_ told: TimeText, in parts: inout Event.Parts) {
        guard told.offsetMinutes == nil, let zone = parts.labels.timeZone,
            let offset = directory.timeZones?.offsetMinutes(of: zone, atLocal: told.local)
        else { return }
        parts.time = told.time(otherwise: offset)
        label(&parts)
    }

    /// Copies the offset of the place, where the time itself tells nothing of it.
    private func label(_ parts: inout Event.Parts) {
        guard parts.time.isInUTC, let zone = parts.labels.timeZone else {
            parts.labels.offsetMinutes = nil
            return
        }
        parts.labels.offsetMinutes = directory.timeZones?.offsetMinutes(of: zone, at: parts.time.instant)
    }

    private static func name(_ panel: PanelID, ifNone parts: inout Event.Parts) {
        guard parts.data["panel"] == nil else { return }
        parts.data.insert(JSONObject.Member("panel", .string(panel.text)), before: "door")
    }

    private func unknownPanel(_ id: String) -> ValidationError {
        let known = directory.panels.keys.lazy.filter { $0.organization == organization }.map(\.id.text)
        return ValidationError(
            .unknownPanel, field: "data.panel",
            "\(organization) has no panel \"\(id)\"\(Nearest.hint(for: id, among: known)) "
                + "To make it: POST /v1/panels "
                + #"{"id":"\#(id)","organization":"\#(organization)","name":"…"}"#)
    }

    private func unknownDoor(_ id: String) -> ValidationError {
        let known = directory.doors.keys.lazy.filter { $0.organization == organization }.map(\.id.text)
        return ValidationError(
            .unknownDoor, field: "data.door",
            "\(organization) has no door \"\(id)\"\(Nearest.hint(for: id, among: known)) "
                + "To make it: POST /v1/doors "
                + #"{"id":"\#(id)","panel":"…","number":1,"name":"…"}"#)
    }
}

extension Event {
    /// The event with the panel of its door. What was kept before panels were filled in at admission names the door
    /// alone, and contracts require the panel.
    public func withPanel(of directory: Directory) -> Event {
        guard data["panel"] == nil, let door, let known = directory.door(door, in: organization) else { return self }
        var parts = parts
        parts.data.insert(JSONObject.Member("panel", .string(known.panel.text)), before: "door")
        return Event(parts)
    }
}
