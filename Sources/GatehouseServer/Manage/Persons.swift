internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `/v1/persons/{person}/erase`: blanks what is known of a person.
enum Persons {
    /// Writes the wish down and answers 202: it is fulfilled in the background, whatever becomes of the caller.
    static func erase(_ call: Call) async throws -> Response {
        let organization = try organization(call)
        let isDryRun = try dryRun(call.query)
        let organizations = Set(
            call.directory.organizations.keys.filter { call.directory.isWithin($0, organization) })
        let wish = Erasure.Wish(
            person: call.name, organization: organization, organizations: organizations, isDryRun: isDryRun)
        let entry = isDryRun ? nil : call.author.entry(.erase, .person, call.name, of: organization)
        let erasure = try await call.parts.store.begin(wish, at: call.now, audited: entry)
        call.parts.erasures.note(erasure)
        if isDryRun { call.noteReading(.person(call.name)) }
        return answer(.accepted, erasure, call)
    }

    /// Tells how far the newest wish about a person has come.
    static func show(_ call: Call) async throws -> Response {
        let organization = try organization(call)
        guard let erasure = try await call.parts.store.erasure(of: call.name, in: organization) else {
            throw ValidationError(.notFound, "no request asked to erase \(call.name) in \(organization)")
        }
        call.noteReading(.person(call.name))
        return answer(.ok, erasure, call)
    }

    private static func answer(_ status: HTTPResponse.Status, _ erasure: Erasure, _ call: Call) -> Response {
        var json = erasure.json
        // Keys stay: whoever was given one is let in until it is revoked, and the key tells the name.
        json["keys"] = .array(
            call.parts.keys.keys.filter { key in
                key.owner?.id.hasBytes(of: erasure.wish.person) ?? false
                    && key.organization.map { erasure.wish.organizations.contains($0) } ?? false
            }.map(\.id.text).sorted().map { .string($0) })
        return Response(status, json: .object(json))
    }

    private static func organization(_ call: Call) throws(ValidationError) -> OrganizationID {
        guard let organization = call.query["organization"] else {
            throw ValidationError(.missingField, field: "organization", "organization is required: whose person it is")
        }
        _ = try call.chosenReach()
        return OrganizationID(organization)
    }

    private static func dryRun(_ query: Query) throws(ValidationError) -> Bool {
        switch query["dryRun"] {
        case nil, "false": false
        case "true": true
        default: throw ValidationError(.outOfBounds, field: "dryRun", "dryRun takes true or false; this is neither")
        }
    }
}

extension Erasure {
    /// The erasure in the words of the native API.
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
