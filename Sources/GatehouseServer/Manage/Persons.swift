internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `/v1/persons/{person}/erase`: erases the data of a person.
struct Persons: Sendable {
    let service: ErasureService

    /// Stores the request and answers 202. The erasure runs in the background, even if the caller leaves.
    func erase(_ call: Call) async throws -> Response {
        let object = try await call.reader.optionalObject()
        let organization = try organization(call)
        let isDryRun = try dryRun(in: object, call.query)
        let report = try await service.erase(call.name, in: organization, isDryRun: isDryRun, author: call.author)
        return answer(.accepted, report)
    }

    /// Shows the progress of the newest erasure of a person.
    func show(_ call: Call) async throws -> Response {
        let organization = try organization(call)
        guard let report = try await service.newest(of: call.name, in: organization, author: call.author) else {
            throw ValidationError(.notFound, "no request asked to erase \(call.name) in \(organization)")
        }
        return answer(.ok, report)
    }

    private func answer(_ status: HTTPResponse.Status, _ report: ErasureService.Report) -> Response {
        var json = report.erasure.json
        json["keys"] = .array(report.keys.map { .string($0.text) })
        return Response(status, json: .object(json))
    }

    private func organization(_ call: Call) throws(ValidationError) -> OrganizationID {
        guard let organization = call.query["organization"] else {
            throw ValidationError(.missingField, field: "organization", "organization is required: whose person it is")
        }
        _ = try call.chosenReach()
        return OrganizationID(organization)
    }

    /// Whether events are only counted, by the body or by the query.
    private func dryRun(in object: JSONObject, _ query: Query) throws -> Bool {
        var fields = Fields(object, known: ["dryRun"])
        let inBody = fields.flag("dryRun")
        try fields.check()
        let inQuery = try dryRun(in: query)
        if let inBody, let inQuery, inBody != inQuery {
            throw ValidationError(
                .contradiction, field: "dryRun",
                "the body says dryRun \(inBody), and the query says \(inQuery): leave one of them out")
        }
        return inBody ?? inQuery ?? false
    }

    private func dryRun(in query: Query) throws(ValidationError) -> Bool? {
        switch query["dryRun"] {
        case nil: nil
        case "true": true
        case "false": false
        default: throw ValidationError(.outOfBounds, field: "dryRun", "dryRun takes true or false; this is neither")
        }
    }
}

extension Erasure {
    /// The erasure as the native API answers it.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["person"] = .string(wish.person)
        object["organization"] = .string(wish.organization.text)
        object["state"] = ended == nil ? "running" : "ended"
        object["dryRun"] = .bool(wish.isDryRun)
        object["events"] = .integer(events)
        object["looked"] = .integer(reached.number)
        object["upTo"] = .integer(upTo.number)
        object["begun"] = .string(RFC3339.text(begun))
        object["ended"] = .text(ended.map { RFC3339.text($0) })
        return object
    }
}
