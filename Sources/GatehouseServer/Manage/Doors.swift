internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/doors`: the doors.
struct Doors: Sendable {
    let service: DirectoryService
    let commander: any DoorCommander
    let reads: ReadAudit
    let pager: Pager

    /// Creates a door at a panel that the key reaches.
    func create(_ call: Call) async throws -> Response {
        let made = try await service.createDoor(try await call.object(), author: call.author)
        return Response(made: shown(made), at: "/v1/doors/\(made.id)?organization=\(made.organization)")
    }

    /// Lists the doors of the organizations that the key reaches, or of the requested one and all below it.
    func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let doors = try service.doors(of: reach, at: call.query["panel"].map { PanelID($0) })
        let fields = Door.fields(with: service.drivers)
        return try await pager.cut(
            doors, call.query, by: { "\($0.organization),\($0.id)" }, show: { fields.json($0, .masked) })
    }

    /// Shows one door; if several organizations have its identifier, `?organization=` chooses. The secrets of its
    /// driver are masked, unless a manager asks for them.
    func show(_ call: Call) async throws -> Response {
        let door = try named(call)
        guard try call.reveals() else { return Response(.ok, json: .object(shown(door))) }
        reads.note(.reveal(.door, id: door.id.text), by: call.author)
        return Response(.ok, json: .object(door.json))
    }

    /// Changes the fields in the body.
    func update(_ call: Call) async throws -> Response {
        let present = try named(call)
        let changed = try await service.update(present, by: try await call.object(), author: call.author)
        return Response(.ok, json: .object(shown(changed)))
    }

    /// Deletes a door; its events stay.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try named(call), author: call.author)
        return Response(status: .noContent)
    }

    func named(_ call: Call) throws -> Door {
        try service.door(call.name, for: call.key, within: call.chosenOrganization)
    }

    /// The JSON of a door, with the secrets of its driver masked.
    private func shown(_ door: Door) -> JSONObject { Door.fields(with: service.drivers).json(door, .masked) }
}
