internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/triggers`: secret URLs, and their rights.
struct Triggers: Sendable {
    let service: TriggerService
    let pager: Pager

    /// Creates a trigger, and shows its URL only now, in every form of its contract.
    func create(_ call: Call) async throws -> Response {
        let made = try await service.create(try await call.object(), author: call.author)
        let urls = made.paths.map { call.ownAddress + $0 }
        var json = made.trigger.json
        json["url"] = urls.first.map { .string($0) }
        json["urls"] = .array(urls.map { .string($0) })
        return Response(made: json, at: "/v1/triggers/\(made.trigger.id)")
    }

    /// Lists the triggers of the organizations that the key reaches, or of the requested one and all below it.
    func list(_ call: Call) async throws -> Response {
        let triggers = service.triggers(of: try call.chosenReach())
        return try await pager.cut(triggers, call.query, by: \.id.text, show: \.json)
    }

    /// Shows one trigger, never its secret.
    func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(try service.trigger(call.name, for: call.key).json))
    }

    /// Changes the fields in the body; the URL stays the same.
    func update(_ call: Call) async throws -> Response {
        let present = try service.trigger(call.name, for: call.key)
        let changed = try await service.update(present, by: try await call.object(), author: call.author)
        return Response(.ok, json: .object(changed.json))
    }

    /// Deletes a trigger: after the answer its URL gives no access.
    func delete(_ call: Call) async throws -> Response {
        try await service.delete(try service.trigger(call.name, for: call.key), author: call.author)
        return Response(status: .noContent)
    }
}
