internal import GatehouseCore
internal import Hummingbird

/// `/v1/doors`: what people pass.
enum Doors {
    /// Makes a door at a panel that the key reaches; the door belongs to the panel's organization.
    static func add(_ call: Call) async throws -> Response {
        var reader = FieldReader(
            try await call.object(), by: Door.fields(with: call.parts.drivers), call.parts.drivers)
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("door")
        let panel = panel(call, &reader.fields)
        reader.readOthers()
        try reader.check()
        guard let panel else { throw ValidationError(.missingField, field: "panel", "panel is missing") }
        let door = reader.applied(to: Door(id: DoorID(id), panel: panel, number: 0, name: ""))
        try await call.apply(.add, .door(door))
        return Response(made: door.shown(call), at: "/v1/doors/\(id)?organization=\(door.organization)")
    }

    /// Lists the doors of the organizations that the key reaches, or of the one that is asked for and all below it.
    static func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let panel = call.query["panel"].map { PanelID($0) }
        if let panel {
            let there = call.directory.panels.values.contains {
                $0.id == panel && (reach?.contains($0.organization) ?? true)
            }
            guard there else { throw ValidationError(.notFound, field: "panel", "there is no panel \(panel)") }
        }
        let doors = call.directory.doors.values.filter { door in
            (reach?.contains(door.organization) ?? true) && (panel == nil || panel == door.panel)
        }
        return try await Page.cut(doors, call, by: { "\($0.organization),\($0.id)" }, show: { $0.shown(call) })
    }

    /// Shows one door; where its identifier stands in several organizations, `?organization=` chooses. What is secret
    /// of its driver is dots, unless a manager asks for it.
    static func show(_ call: Call) async throws -> Response {
        let door = try named(call)
        guard try call.reveals() else { return Response(.ok, json: .object(door.shown(call))) }
        call.noteReading(.reveal(.door, id: door.id.text))
        return Response(.ok, json: .object(door.json))
    }

    /// Changes what the body names.
    static func change(_ call: Call) async throws -> Response {
        let table = Door.fields(with: call.parts.drivers)
        let door = try table.change(try named(call), by: try await call.object(), call.parts.drivers)
        try await call.apply(.change, .door(door))
        return Response(.ok, json: .object(door.shown(call)))
    }

    /// Deletes a door; its events stay. Subscriptions that name it hear of no more, which `/v1/status` says of each.
    static func remove(_ call: Call) async throws -> Response {
        try await call.apply(.remove, .door(try named(call)))
        return Response(status: .noContent)
    }

    static func named(_ call: Call) throws -> Door {
        let directory = call.directory
        let doors = try call.placesNamed { directory.door(DoorID(call.name), in: $0) }
        return try call.onlyOne(of: doors, "door", \.organization)
    }

    /// The panel that the body names; `organization` chooses where several that the key reaches have that identifier.
    private static func panel(_ call: Call, _ fields: inout Fields) -> Panel? {
        let chosen = fields.text("organization", required: false).map { OrganizationID($0) }
        guard let id = fields.text("panel", required: true).map({ PanelID($0) }) else { return nil }
        let directory = call.directory
        let panels = directory.panels.values.filter { panel in
            panel.id == id && (chosen == nil || chosen == panel.organization)
                && call.key.reaches(panel.organization, in: directory)
        }
        if panels.count > 1 {
            let names = panels.map(\.organization.text).sorted().joined(separator: ", ")
            let sentence = "the panel \(id) stands in \(names); name the organization"
            fields.refuse(ValidationError(.ambiguous, field: "panel", sentence))
        } else if panels.isEmpty {
            let sentence = "there is no panel \(id); POST /v1/panels makes one"
            fields.refuse(ValidationError(.unknownPanel, field: "panel", sentence))
        }
        return panels.count == 1 ? panels.first : nil
    }
}

extension Door {
    /// The door as it is shown: dots for what is secret of its driver.
    func shown(_ call: Call) -> JSONObject { Door.fields(with: call.parts.drivers).json(self, .masked) }
}
