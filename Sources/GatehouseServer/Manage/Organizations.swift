internal import GatehouseCore
internal import Hummingbird

/// `/v1/organizations`: the trees of tenants that everything else belongs to.
enum Organizations {
    /// How deep a tree may be: every event walks it from its leaf to the top.
    static let deepestTree = 32

    /// Makes an organization. One without a parent is the top of a tree of its own, which only a key that stands above
    /// all trees may plant.
    static func add(_ call: Call) async throws -> Response {
        var reader = FieldReader(try await call.object(), by: Organization.fields, SystemTimeZones())
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("organization")
        reader.read("name")
        let parent = reader.fields.text("parent", required: false).map { OrganizationID($0) }
        reader.readOthers()
        checkParent(parent, call, &reader.fields)
        let organization = try reader.finish(Organization(id: OrganizationID(id), name: "", parent: parent))
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
        let organization = try Organization.fields.change(
            try named(call), by: try await call.object(), SystemTimeZones())
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
