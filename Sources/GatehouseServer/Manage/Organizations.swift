internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/organizations`: the trees of tenants, which own everything else.
struct Organizations: Sendable {
    let service: DirectoryService
    let numbers: VendorNumbers
    let pager: Pager

    /// Creates an organization.
    func create(_ call: Call) async throws -> Response {
        let made = try await service.createOrganization(try await call.object(), author: call.author)
        return Response(made: await numbers.json(made), at: "/v1/organizations/\(made.id)")
    }

    /// Lists the organizations that the key reaches.
    func list(_ call: Call) async throws -> Response {
        let (shown, next) = try await pager.slice(service.organizations(for: call.key), call.query, by: \.id.text)
        return Response(.ok, json: Page.json(await numbers.json(shown), next: next))
    }

    /// Shows one organization.
    func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(await numbers.json(try service.organization(call.name, for: call.key))))
    }

    /// Changes the name or the time zone.
    func update(_ call: Call) async throws -> Response {
        let present = try service.organization(call.name, for: call.key)
        let changed = try await service.update(present, by: try await call.object(), author: call.author)
        return Response(.ok, json: .object(await numbers.json(changed)))
    }

    /// Deletes an organization that owns nothing any more.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try service.organization(call.name, for: call.key), author: call.author)
        return Response(status: .noContent)
    }
}
