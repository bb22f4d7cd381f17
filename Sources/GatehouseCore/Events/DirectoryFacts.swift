/// What the directory knows about the panel and the door of an event.
///
/// It fills in what the reporter omitted: the panel of a named door is in the event's data from then on, so that
/// matching and bodies use the same value. Names and numbers are copied, so that a later rename changes no body.
struct DirectoryFacts {
    private let directory: Directory
    private let organization: OrganizationID

    init(_ directory: Directory, of organization: OrganizationID) {
        self.directory = directory
        self.organization = organization
    }

    /// Fills in what the reporter omitted. An urgent event with an unknown panel or door is accepted and flagged: an
    /// alarm counts even if its door is not in the directory.
    ///
    /// `only` is the only panel that the reporter may report events of: an alarm without a panel, at an unknown door,
    /// must belong to it.
    ///
    /// - Throws: for a normal event, ``ValidationError/Code/unknownPanel`` and ``ValidationError/Code/unknownDoor`` if
    ///   the directory does not have it, or has the door at another panel than the event names.
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

    /// If there are several flags, the first one about something unknown stays.
    private func take(
        _ fault: @autoclosure () -> ValidationError, as flag: Event.Flag, _ parts: inout Event.Parts
    ) throws(ValidationError) {
        guard parts.lane == .urgent else { throw fault() }
        if parts.flag == nil || parts.flag == .contradiction { parts.flag = flag }
    }

    /// Fills in what is known about an event that the gateway itself raises; its panel or door may have been deleted.
    func fillKnown(in parts: inout Event.Parts) {
        let panel = parts.data["panel"]?.text.flatMap { directory.panel(PanelID($0), in: organization) }
        let door = parts.data["door"]?.text.flatMap { directory.door(DoorID($0), in: organization) }
        copy(panel, door, into: &parts)
    }

    private func copy(_ named: Panel?, _ door: Door?, into parts: inout Event.Parts) {
        // If the door is known, the panel is the door's, also when an alarm names another one: the rights check,
        // matching and the bodies all read the same panel, and the flag shows that another one was named.
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

    /// Puts a time without a zone into that of the place, which ``fill(in:from:)`` has found: the panel's, else the
    /// organization's. Without a source of time zones it stays in UTC.
    func place(_ told: TimeText, in parts: inout Event.Parts) {
        guard told.offsetMinutes == nil, let zone = parts.labels.timeZone,
            let offset = directory.timeZones?.offsetMinutes(of: zone, atLocal: told.local)
        else { return }
        parts.time = told.time(otherwise: offset)
        label(&parts)
    }

    /// Copies the offset of the place, if the time itself has none.
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
    /// The event with the panel of its door. Events stored before the admission filled in panels have only the door,
    /// and contracts require the panel.
    public func withPanel(of directory: Directory) -> Event {
        guard data["panel"] == nil, let door, let known = directory.door(door, in: organization) else { return self }
        var parts = parts
        parts.data.insert(JSONObject.Member("panel", .string(known.panel.text)), before: "door")
        return Event(parts)
    }
}
