internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/panels`: the controllers of the doors.
struct Panels: Sendable {
    let service: DirectoryService
    let numbers: VendorNumbers
    let pager: Pager

    /// Creates a panel in an organization that the key reaches.
    func create(_ call: Call) async throws -> Response {
        let made = try await service.createPanel(try await call.object(), author: call.author)
        return Response(
            made: await numbers.json(made), at: "/v1/panels/\(made.id)?organization=\(made.organization)")
    }

    /// Lists the panels of the organizations that the key reaches, or of the requested one and all below it.
    func list(_ call: Call) async throws -> Response {
        let panels = service.panels(of: try call.chosenReach())
        let (shown, next) = try await pager.slice(panels, call.query, by: { "\($0.organization),\($0.id)" })
        return Response(.ok, json: Page.json(await numbers.json(shown), next: next))
    }

    /// Shows one panel; if several organizations have its identifier, `?organization=` chooses.
    func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(await numbers.json(try named(call))))
    }

    /// Changes the fields in the body; `null` removes a number or a time zone.
    func update(_ call: Call) async throws -> Response {
        let present = try named(call)
        let changed = try await service.update(present, by: try await call.object(), author: call.author)
        return Response(.ok, json: .object(await numbers.json(changed)))
    }

    /// Deletes a panel without doors; its events stay.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try named(call), author: call.author)
        return Response(status: .noContent)
    }

    private func named(_ call: Call) throws -> Panel {
        try service.panel(call.name, for: call.key, within: call.chosenOrganization)
    }
}
