internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// The native API is strict, and `null` means a missing field: every optional field of every body of the served
/// description, at every depth of its examples, one at a time.
@Suite(.timeLimit(.minutes(2))) struct NullFieldTests {
    /// If a change may set them, null differs from the present value.
    private static let values: [String: Set<String>] = [
        "/v1/organizations/{organization}": ["parent"], "/v1/keys/{key}": ["organization"],
        "/v1/subscriptions/{subscription}": ["secret"],
    ]

    @Test func nullMeansAbsentInEveryOptionalField() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let setup = try await DescribedGateway.setUp(gateway)
            var tried: Set<String> = []
            for operation in try await Description(of: gateway).operations where operation.method != .delete {
                for nulled in operation.nulledRequests(in: setup)
                where Self.values[operation.path]?.contains(nulled.field) != true {
                    let answer = try await gateway.send(
                        operation.method, nulled.request.path, headers: nulled.request.headers,
                        body: nulled.request.body)
                    // The example's resource may exist already, and a door may have lost its driver.
                    let isTaken = (200..<300).contains(answer.status) || [409, 501].contains(answer.status)
                    #expect(isTaken, "\(operation.name) \(nulled.field): \(answer.text)")
                    let isDescribed = nulled.isDescribed
                    #expect(isDescribed, "\(operation.name) \(nulled.field): the description says no null")
                    if operation.method == .post {
                        try await Self.expectTheSame(nulled, answer, operation, gateway)
                    }
                    tried.insert("\(operation.name) \(nulled.field)")
                }
            }
            #expect(tried.count > 100, "\(tried.count) fields")
        }
    }

    /// The differences between two resources that are created alike.
    private static let own: Set<String> = [
        "id", "created", "received", "secret", "standardSecret", "key", "url", "urls", "vendorNumber", "time",
        "receivedtime", "gatehouseid", "gatehousereceived",
    ]

    /// A request with null answers like the one without the field, and creates the same.
    private static func expectTheSame(
        _ nulled: DescribedOperation.Nulled, _ answer: LiveGateway.Client.Answer, _ operation: DescribedOperation,
        _ gateway: LiveGateway.Client
    ) async throws {
        let made = try await shown(answer, gateway)
        let other = try await gateway.send(
            operation.method, nulled.plain.path, headers: nulled.plain.headers, body: nulled.plain.body)
        let plain = try await shown(other, gateway)
        #expect(answer.status == other.status, "\(operation.name) \(nulled.field): \(answer.text) \(other.text)")
        #expect(made == plain, "\(operation.name) \(nulled.field)")
    }

    /// The result of a request, without its own ids; the resource is deleted again, so that another can be created.
    private static func shown(
        _ answer: LiveGateway.Client.Answer, _ gateway: LiveGateway.Client
    ) async throws -> JSONObject? {
        if let event = answer.json["events"]?.items?.first?["event"]?.text {
            let shown = try await gateway.get("/v1/events/\(event)").json
            return stripped(shown["event"] ?? shown)
        }
        guard answer.status == 201, let path = answer.field("location") else { return nil }
        let shown = stripped(try await gateway.get(path).json)
        _ = try await gateway.send(.delete, path)
        return shown
    }

    private static func stripped(_ shown: JSON) -> JSONObject? {
        shown.object.map { JSONObject($0.members.filter { !own.contains($0.key) }) }
    }

    // MARK: Changes

    /// A value for every field that a change may set, other than the default.
    private static let changes: [String: JSONObject] = [
        "/v1/organizations/{organization}": ["name": "Other", "timeZone": "America/Sao_Paulo"],
        "/v1/panels/{panel}": ["name": "Other", "number": 9, "timeZone": "America/Sao_Paulo"],
        "/v1/doors/{door}": [
            "name": "Other", "number": 4, "attendance": true, "driver": ["type": "simulated", "answer": "refused"],
        ],
        "/v1/keys/{key}": [
            "name": "Other", "role": "source", "login": "other", "privacyLevel": 2,
            "expiresAt": "2090-01-01T00:00:00Z", "rate": 60, "panels": ["1070000"], "sources": ["/panels/*"],
        ],
        "/v1/triggers/{trigger}": [
            "name": "Other", "doors": ["lobby"], "mayRegister": false, "mayUnlock": true, "doorsEnvelope": true,
            "privacyLevel": 2, "rate": 60, "active": false,
        ],
        "/v1/subscriptions/{subscription}": [
            "name": "Other", "url": "http://127.0.0.1:9/other", "scope": "this", "kinds": ["access.granted"],
            "doors": ["lobby"], "settings": ["description": "D"], "privacyLevel": 2, "standardSignature": true,
            "extraHeaders": false, "authentication": ["type": "bearer", "token": "t"], "headers": ["X-Site": "n"],
            "tls": ["verification": false], "timeout": 2000, "retries": [7], "concurrency": 3, "promise": "durable",
            "expiresAt": "2090-01-01T00:00:00Z", "active": false,
        ],
    ]
    /// Fields that no change can change, or that are not built.
    private static let constant: Set<String> = [
        "id", "organization", "panel", "parent", "owner", "dialect", "order", "rate", "secret",
    ]

    /// A default in place of a removed value could allow more than before: an inactive trigger would work.
    @Test func nullRemovesOptionalFieldsAndKeepsTheOthers() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let setup = try await DescribedGateway.setUp(gateway)
            var places = setup.places
            places["key"] = setup.spare["key"]
            let made = try await gateway.make("/v1/subscriptions", Self.subscription)
            places["subscription"] = made["id"]?.text
            let operations = try await Description(of: gateway).operations.filter { $0.method == .patch }
            #expect(Set(operations.map(\.path)) == Set(Self.changes.keys))
            for operation in operations {
                let path = places.reduce(operation.path) { $0.replacing("{\($1.key)}", with: $1.value) }
                let values = try #require(Self.changes[operation.path])
                let before = try await Self.changed(path, by: values, gateway)
                let fields = operation.changeable
                #expect(fields.count > 2 && fields.isSuperset(of: values.members.map(\.key)), "\(path)")
                for field in fields where Self.values[operation.path]?.contains(field) != true {
                    #expect(values[field] != nil || Self.constant.contains(field), "\(path): no value for \(field)")
                    let after = try await Self.changed(path, by: JSONObject([.init(field, .null)]), gateway)
                    var expected = before
                    if values[field] != nil, operation.mayBeAbsent(field) { expected?[field] = after?[field] ?? .null }
                    let isGone = Self.nothing.contains(after?[field] ?? .null)
                    #expect(isGone || after?[field] == before?[field], "\(path) \(field)")
                    #expect(isGone == Self.nothing.contains(expected?[field] ?? .null), "\(path) \(field)")
                    #expect(Self.present(after) == Self.present(expected), "\(path) \(field)")
                    let again = try await Self.changed(path, by: values, gateway)
                    #expect(again == before, "\(path) \(field)")
                }
            }
        }
    }

    /// Its contract's usual level is 0, and a created one has settings.
    private static let subscription: JSON = [
        "name": "S", "organization": "acme", "dialect": "basip", "url": "http://127.0.0.1:9/in",
        "settings": ["event_types": ["log.access_granted_by_valid_identifier"], "max_retries": 5],
    ]

    private static func changed(
        _ path: String, by change: JSONObject, _ gateway: LiveGateway.Client
    ) async throws -> JSONObject? {
        let answer = try await gateway.send(
            .patch, path, headers: [.contentType: "application/json"], body: JSON.object(change).bytes)
        #expect(answer.status == 200, "\(path) \(JSON.object(change).compact): \(answer.text)")
        var shown = try await gateway.get(path).json.object
        for volatile in ["health", "vendorNumber"] { shown?[volatile] = nil }
        return shown
    }

    /// The values that show a removed field.
    private static let nothing: [JSON] = [.null, ["type": "none"]]

    /// The members that are not null, by their names.
    private static func present(_ object: JSONObject?) -> [String: JSON] {
        Dictionary((object?.members ?? []).map { ($0.key, $0.value) }) { $1 }.filter { $0.value != .null }
    }
}

extension DescribedOperation {
    /// The fields that the body of a change may have.
    fileprivate var changeable: Set<String> {
        let schema = json["requestBody"]?["content"]?["application/json"]?["schema"] ?? .null
        return Set(fields(of: schema).fields.map(\.key))
    }

    /// Whether the answer may lack a field, or have null there.
    fileprivate func mayBeAbsent(_ field: String) -> Bool {
        let response = checker.resolved(json["responses"]?["200"] ?? .null)
        let schema = response["content"]?["application/json"]?["schema"] ?? .null
        let (fields, required) = fields(of: schema)
        let value = fields.first { $0.key == field }?.value
        return !required.contains(field) || checker.faults(in: .null, by: value ?? .null).isEmpty
    }
}

extension DescribedOperation {
    /// A request with one field that is null, and whether the description allows it.
    struct Nulled {
        let field: String
        let request: Request
        /// The same without the field.
        let plain: Request
        let isDescribed: Bool
    }

    /// A request for each optional field, with `null` in its place.
    func nulledRequests(in setup: DescribedGateway) -> [Nulled] {
        requests(in: setup).flatMap { request -> [Nulled] in
            let type = request.headers[.contentType] ?? ""
            guard type.hasSuffix("json"), let body = try? JSONParser.parse(request.body), body.object != nil,
                let schema = json["requestBody"]?["content"]?[type]?["schema"]
            else { return [] }
            return nulled(body, by: schema, at: "").map { field, body, bare in
                var (request, plain) = (request, request)
                request.body = fresh(body).bytes
                plain.body = fresh(bare).bytes
                return Nulled(
                    field: field, request: request, plain: plain,
                    isDescribed: checker.faults(in: body, by: schema).isEmpty)
            }
        }
    }

    /// A body that creates something under a new id: the example's resource exists already.
    private func fresh(_ body: JSON) -> JSON {
        guard method == .post, var object = body.object, (object["id"] ?? .null) != .null else { return body }
        object["id"] = path == "/v1/events" ? .string("null-\(Self.count.next())") : nil
        return .object(object)
    }

    private static let count = Count()

    private func nulled(
        _ body: JSON, by schema: JSON, at path: String
    ) -> [(field: String, body: JSON, bare: JSON)] {
        guard let object = body.object else { return [] }
        let (fields, required) = fields(of: schema)
        return fields.flatMap { field -> [(field: String, body: JSON, bare: JSON)] in
            var found: [(field: String, body: JSON, bare: JSON)] = []
            if !required.contains(field.key) {
                var (changed, bare) = (object, object)
                changed[field.key] = .null
                bare[field.key] = nil
                found.append((path + field.key, .object(changed), .object(bare)))
            }
            guard let value = object[field.key] else { return found }
            return found
                + nulled(value, by: field.value, at: path + field.key + ".").map { inner in
                    var (changed, bare) = (object, object)
                    changed[field.key] = inner.body
                    bare[field.key] = inner.bare
                    return (inner.field, .object(changed), .object(bare))
                }
        }
    }

    /// The fields of a schema, and those that are required in one of its alternatives.
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
