internal import GatehouseCore
internal import Hummingbird

/// `/v1/panels`: the controllers that doors hang on.
enum Panels {
    /// Makes a panel in an organization that the key reaches.
    static func add(_ call: Call) async throws -> Response {
        var fields = Fields(try await call.object(), known: ["id", "organization", "name", "number", "timeZone"])
        let id = fields.identifier("id") ?? MadeIdentifier.make("panel")
        let organization = fields.organization(of: call)
        let name = fields.name("name")
        let number = fields.number("number", required: false)
        let timeZone = fields.timeZone()
        try fields.check()
        let panel = Panel(
            id: PanelID(id), organization: organization, name: name, number: number, timeZone: timeZone)
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
        var panel = try named(call)
        var fields = Fields(try await call.object(), known: ["id", "organization", "name", "number", "timeZone"])
        fields.stays("id", panel.id.text, advice: "make another panel")
        fields.stays("organization", panel.organization.text, advice: "make another panel there")
        if fields.replaces("name") { panel.name = fields.name("name") }
        if fields.names("number") { panel.number = fields.number("number", required: false) }
        if fields.names("timeZone") { panel.timeZone = fields.timeZone() }
        try fields.check()
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

extension Panel {
    /// The panel in the words of the native API.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["organization"] = .string(organization.text)
        object["name"] = .string(name)
        object["number"] = number.map { .integer($0) } ?? .null
        object["timeZone"] = .text(timeZone)
        return object
    }
}
