internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// The native API is strict, and `null` stands for a field that is left out: every optional field of every body of the
/// served description, at every depth that its examples have, one at a time.
@Suite(.timeLimit(.minutes(2))) struct NullFieldTests {
    /// Where a change may name them, null is another value than the one that is there.
    private static let values: [String: Set<String>] = [
        "/v1/organizations/{organization}": ["parent"], "/v1/keys/{key}": ["organization"],
        "/v1/subscriptions/{subscription}": ["secret"],
    ]

    @Test func nullMeansAbsentInEveryOptionalField() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let house = try await DescribedHouse.furnish(gateway)
            var tried: Set<String> = []
            for operation in try await Description(of: gateway).operations where operation.method != .delete {
                for nulled in operation.nulledRequests(in: house)
                where Self.values[operation.path]?.contains(nulled.field) != true {
                    let answer = try await gateway.send(
                        operation.method, nulled.request.path, headers: nulled.request.headers,
                        body: nulled.request.body)
                    // What the example makes may be there already, and a door may have lost its driver.
                    let isTaken = (200..<300).contains(answer.status) || [409, 501].contains(answer.status)
                    #expect(isTaken, "\(operation.name) \(nulled.field): \(answer.text)")
                    let isDescribed = nulled.isDescribed
                    #expect(isDescribed, "\(operation.name) \(nulled.field): the description says no null")
                    tried.insert("\(operation.name) \(nulled.field)")
                }
            }
            #expect(tried.count > 100, "\(tried.count) fields")
        }
    }
}

extension DescribedOperation {
    /// A request with one field that is null, and whether the description allows it.
    struct Nulled {
        let field: String
        let request: Request
        let isDescribed: Bool
    }

    /// A request for each field that may be left out, with `null` in its place.
    func nulledRequests(in house: DescribedHouse) -> [Nulled] {
        requests(in: house).flatMap { request -> [Nulled] in
            let type = request.headers[.contentType] ?? ""
            guard type.hasSuffix("json"), let body = try? JSONParser.parse(request.body), body.object != nil,
                let schema = json["requestBody"]?["content"]?[type]?["schema"]
            else { return [] }
            return nulled(body, by: schema, at: "").map { field, body in
                var request = request
                request.body = body.bytes
                return Nulled(field: field, request: request, isDescribed: checker.faults(in: body, by: schema).isEmpty)
            }
        }
    }

    private func nulled(_ body: JSON, by schema: JSON, at path: String) -> [(field: String, body: JSON)] {
        guard let object = body.object else { return [] }
        let (fields, required) = fields(of: schema)
        return fields.flatMap { field -> [(field: String, body: JSON)] in
            var found: [(field: String, body: JSON)] = []
            if !required.contains(field.key) {
                var changed = object
                changed[field.key] = .null
                found.append((path + field.key, .object(changed)))
            }
            guard let value = object[field.key] else { return found }
            return found
                + nulled(value, by: field.value, at: path + field.key + ".").map { inner in
                    var changed = object
                    changed[field.key] = inner.body
                    return (inner.field, .object(changed))
                }
        }
    }

    /// The fields that a schema names, and those of them that must be there in one of its alternatives.
    private func fields(of schema: JSON) -> (fields: [JSONObject.Member], required: Set<String>) {
        let schema = checker.resolved(schema)
        var fields = schema["properties"]?.object?.members ?? []
        var required = Set(schema["required"]?.items?.compactMap(\.text) ?? [])
        for word in ["allOf", "anyOf", "oneOf"] {
            for part in schema[word]?.items ?? [] {
                let inner = self.fields(of: part)
                fields += inner.fields
                required.formUnion(inner.required)
            }
        }
        return (fields, required)
    }
}
