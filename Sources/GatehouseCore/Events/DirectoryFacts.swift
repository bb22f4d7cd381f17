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

    /// Fills in what a reporter left out.
    ///
    /// - Throws: ``Fault/Code/unknownPanel`` and ``Fault/Code/unknownDoor`` where the directory has no such thing, or
    ///   has the door at another panel than the event names.
    func fill(in parts: inout Event.Parts) throws(Fault) {
        let panel = try parts.data["panel"]?.text.map { text throws(Fault) in try self.panel(PanelID(text)) }
        let door = try parts.data["door"]?.text.map { text throws(Fault) in try self.door(DoorID(text)) }
        if let door, let panel, panel.id != door.panel {
            throw Fault(
                .unknownDoor, field: "data.door",
                "the door \(door.id) hangs on panel \(door.panel), not on \(panel.id)")
        }
        copy(panel, door, into: &parts)
    }

    /// Fills in what is known of an event that the gateway itself raises; what it names may be there no more.
    func fillKnown(in parts: inout Event.Parts) {
        let panel = parts.data["panel"]?.text.flatMap { directory.panel(PanelID($0), in: organization) }
        let door = parts.data["door"]?.text.flatMap { directory.door(DoorID($0), in: organization) }
        copy(panel, door, into: &parts)
    }

    private func copy(_ named: Panel?, _ door: Door?, into parts: inout Event.Parts) {
        let panel = named ?? door.flatMap { directory.panel($0.panel, in: organization) }
        if let panel, parts.data["panel"] == nil {
            parts.data.insert(JSONObject.Member("panel", .string(panel.id.text)), before: "door")
        }
        parts.labels.panelName = panel?.name
        parts.labels.panelNumber = panel?.number
        parts.labels.doorName = door?.name
        parts.labels.doorNumber = door?.number
        parts.labels.isAttendancePoint = door?.isAttendancePoint
        if door == nil, parts.data["door"] == nil, Catalogue.row(of: parts.kind).blocks.contains(.door) {
            parts.labels.onlyDoor = panel.flatMap { directory.onlyDoor(of: $0) }.map { Event.OnlyDoor($0) }
        }
        parts.labels.timeZone = panel?.timeZone ?? directory.organizations[organization]?.timeZone
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
