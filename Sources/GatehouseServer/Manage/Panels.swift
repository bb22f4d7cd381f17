internal import GatehouseCore
internal import Hummingbird

/// `/v1/panels`: the controllers that doors hang on.
enum Panels {
    /// Makes a panel in an organization that the key reaches.
    static func add(_ call: Call) async throws -> Response {
        var reader = FieldReader(try await call.object(), by: Panel.fields, SystemTimeZones())
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("panel")
        let organization = reader.fields.organization(of: call)
        let panel = try reader.finish(Panel(id: PanelID(id), organization: organization, name: "", number: nil))
        try await call.apply(.add, .panel(panel))
        return Response(made: await call.numbered(panel), at: "/v1/panels/\(id)?organization=\(organization)")
    }

    /// Lists the panels of the organizations that the key reaches, or of the one that is asked for and all below it.
    static func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let panels = call.directory.panels.values.filter { reach?.contains($0.organization) ?? true }
        let (shown, next) = try await Page.slice(panels, call, by: { "\($0.organization),\($0.id)" })
        return Response(.ok, json: Page.json(await call.numbered(shown), next: next))
    }

    /// Shows one panel; where its identifier stands in several organizations, `?organization=` chooses.
    static func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(await call.numbered(try named(call))))
    }

    /// Changes what the body names; `null` takes a number or a time zone away.
    static func change(_ call: Call) async throws -> Response {
        let panel = try Panel.fields.change(try named(call), by: try await call.object(), SystemTimeZones())
        try await call.apply(.change, .panel(panel))
        return Response(.ok, json: .object(await call.numbered(panel)))
    }

    /// Deletes a panel on which no door hangs any more; its events stay.
    static func remove(_ call: Call) async throws -> Response {
        try await call.apply(.remove, .panel(try named(call)))
        return Response(status: .noContent)
    }

    private static func named(_ call: Call) throws -> Panel {
        let directory = call.directory
        let panels = try call.placesNamed { directory.panel(PanelID(call.name), in: $0) }
        return try call.onlyOne(of: panels, "panel", \.organization)
    }
}
