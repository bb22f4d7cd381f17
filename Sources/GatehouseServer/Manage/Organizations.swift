internal import GatehouseCore
internal import Hummingbird

/// `/v1/organizations`: the trees of tenants that everything else belongs to.
enum Organizations {
    /// How deep a tree may be: every event walks it from its leaf to the top.
    static let deepestTree = 32

    /// Makes an organization. One without a parent is the top of a tree of its own, which only a key that stands above
    /// all trees may plant.
    static func add(_ call: Call) async throws -> Response {
        var fields = Fields(try await call.object(), known: ["id", "name", "parent", "timeZone"])
        let id = fields.identifier("id") ?? MadeIdentifier.make("organization")
        let name = fields.name("name")
        let parent = fields.text("parent", required: false).map { OrganizationID($0) }
        let timeZone = fields.timeZone() ?? "UTC"
        checkParent(parent, call, &fields)
        try fields.check()
        let organization = Organization(id: OrganizationID(id), name: name, parent: parent, timeZone: timeZone)
        try await call.apply(.add, .organization(organization))
        return Response(made: await call.numbered(organization), at: "/v1/organizations/\(id)")
    }

    /// Lists the organizations that the key reaches.
    static func list(_ call: Call) async throws -> Response {
        let directory = call.directory
        let reached = directory.organizations.values.filter { call.key.reaches($0.id, in: directory) }
        let (shown, next) = try await Page.slice(reached, call, by: \.id.text)
        return Response(.ok, json: Page.json(await call.numbered(shown), next: next))
    }

    /// Shows one organization.
    static func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(await call.numbered(try named(call))))
    }

    /// Changes the name or the time zone; events that were taken keep what they were told.
    static func change(_ call: Call) async throws -> Response {
        var organization = try named(call)
        var fields = Fields(try await call.object(), known: ["id", "name", "parent", "timeZone"])
        fields.stays("id", organization.id.text, advice: "make another organization")
        fields.stays("parent", orNull: organization.parent?.text, advice: "make another organization there")
        if fields.replaces("name") { organization.name = fields.name("name") }
        if fields.replaces("timeZone"), let zone = fields.timeZone() { organization.timeZone = zone }
        try fields.check()
        try await call.apply(.change, .organization(organization))
        return Response(.ok, json: .object(await call.numbered(organization)))
    }

    /// Deletes an organization to which nothing belongs any more; its events and deliveries stay.
    static func remove(_ call: Call) async throws -> Response {
        let organization = try named(call)
        guard organization.id != call.key.organization else {
            throw ValidationError(.conflict, "the key that asks belongs to this organization: use one from above")
        }
        try await call.apply(.remove, .organization(organization))
        return Response(status: .noContent)
    }

    private static func named(_ call: Call) throws(ValidationError) -> Organization {
        let directory = call.directory
        guard let organization = directory.organizations[OrganizationID(call.name)],
            call.key.reaches(organization.id, in: directory)
        else { throw ValidationError(.notFound, "there is no organization \(call.name)") }
        return organization
    }

    private static func checkParent(_ parent: OrganizationID?, _ call: Call, _ fields: inout Fields) {
        guard let parent else {
            if call.key.organization != nil {
                let sentence = "only a key above all trees makes an organization without a parent; name one of yours"
                fields.refuse(ValidationError(.forbidden, field: "parent", sentence))
            }
            return
        }
        let lineage = call.directory.lineage(of: parent)
        if lineage.isEmpty || !call.key.reaches(parent, in: call.directory) {
            fields.refuse(ValidationError(.unknownOrganization, field: "parent", "there is no organization \(parent)"))
        } else if lineage.count >= deepestTree {
            fields.refuse(ValidationError(.outOfBounds, field: "parent", "a tree has at most \(deepestTree) levels"))
        }
    }
}

extension Organization {
    /// The organization in the words of the native API.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["name"] = .string(name)
        object["parent"] = .text(parent?.text)
        object["timeZone"] = .string(timeZone)
        return object
    }
}
