internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// A vendor's interface is as tolerant as the vendor: every operation of every vendor's API, with additional names that
/// clients send.
@Suite(.timeLimit(.minutes(5))) struct VendorAPIConformanceTests {
    private typealias Operation = VendorAPIs.Operation

    private func expectTaken(
        _ answer: LiveGateway.Client.Answer, ignoring ignored: String? = nil, _ what: String
    ) {
        #expect((200..<300).contains(answer.status), "\(what): \(answer.status) \(answer.text)")
        #expect(answer.field("gatehouse-ignored") == ignored, "\(what)")
    }

    /// A spelling of a name that is not its own.
    private static func other(_ name: String) -> String {
        let bare = name.filter { $0 != "_" }
        return bare.prefix(1).uppercased() + "-" + bare.dropFirst().uppercased()
    }

    // MARK: The table itself

    @Test func everyVendorIsTestedAndTheNamesOfAnOperationDiffer() {
        #expect(Set(VendorAPIs.operations.map(\.vendor.name)) == Set(VendorClient.all.map(\.name)))
        #expect(VendorAPIs.operations.count > 40)
        for operation in VendorAPIs.operations {
            expectDistinct(operation.route.query, operation)
            operation.route.body.map { expectDistinct($0, operation) }
        }
    }

    private func expectDistinct(_ names: DeclaredNames, _ operation: Operation) {
        for name in names.names {
            #expect(names.name(spelled: name) == name, "\(operation): \(name)")
            names.inside(name).map { expectDistinct($0, operation) }
        }
    }

    /// Each route is below a root of its own vendor, and not below a longer root of another.
    @Test func everyRouteIsBelowItsVendorsRoot() {
        let roots = Dialects.all.flatMap { dialect in
            (dialect.manage?.roots ?? []).map { (vendor: dialect.name.text, root: $0) }
        }
        #expect(Set(roots.map(\.root)).count == roots.count)
        for operation in VendorAPIs.operations {
            let pattern = operation.route.pattern
            let near = roots.filter { pattern == $0.root || pattern.hasPrefix($0.root + "/") }
            let nearest = near.max { $0.root.count < $1.root.count }
            #expect(nearest?.vendor == operation.vendor.name, "\(operation)")
        }
    }

    // MARK: Accepted requests

    @Test func namesOfTheManualAreAcceptedAndNoneIgnored() async throws {
        try await VendorAPIs.each { apis, operation, request in
            expectTaken(try await apis.send(request), "\(operation)")
        }
    }

    @Test func unknownPropertyIsIgnoredAndNamedAtEveryDepth() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            var request = request
            let names = try #require(operation.route.body)
            let (body, places) = Self.widened(try #require(request.body), by: names, at: "")
            request.body = body
            expectTaken(try await apis.send(request), ignoring: places.joined(separator: ", "), "\(operation)")
        }
    }

    /// A body with a property more in each of its objects, and the properties' places.
    private static func widened(_ body: JSON, by names: DeclaredNames, at path: String) -> (JSON, [String]) {
        if let items = body.items {
            let all = items.map { widened($0, by: names, at: path) }
            return (.array(all.map(\.0)), all.first?.1 ?? [])
        }
        guard var object = body.object else { return (body, []) }
        var places: [String] = []
        for member in object.members {
            guard let inside = names.inside(member.key) else { continue }
            let (value, found) = widened(member.value, by: inside, at: path + member.key + ".")
            object[member.key] = value
            places += found
        }
        object["Colour"] = ["secret": "gk_x"]
        return (.object(object), places + [path + "Colour"])
    }

    @Test func unknownParameterIsIgnoredAndNamed() async throws {
        try await VendorAPIs.each { apis, operation, request in
            for (name, value, told) in [
                ("colour", "red", "colour"), ("colour", "%zz", "colour"), ("gr%C3%B6n", "1", "gr%C3%B6n"),
                ("%zz", "1", "(1 more)"), ("a%0D%0AX:y", "1", "a%0D%0AX:y"),
            ] where operation.route.method == .get || name == "colour" && value == "red" {
                var request = request
                request.query.append((name, value))
                expectTaken(try await apis.send(request), ignoring: told, "\(operation) \(name)=\(value)")
                // Operations that log in, log out or subscribe are called once.
                if operation.route.method != .get { break }
            }
        }
    }

    /// A part without `=` may be a secret in the wrong place.
    @Test func queryPartWithoutANameIsOnlyCounted() async throws {
        try await VendorAPIs.run { apis in
            let answer = try await apis.gateway.get("/api/info?6R7zvBFrjAheqw5L", key: nil)
            expectTaken(answer, ignoring: "(1 more)", "/api/info")
        }
    }

    @Test func otherSpellingOfANameIsAccepted() async throws {
        try await VendorAPIs.each { apis, operation, request in
            var request = request
            request.query = request.query.map { (Self.other($0.name), $0.value) }
            request.body = request.body.map { Self.respelled($0, by: operation.route.body) }
            expectTaken(try await apis.send(request), "\(operation)")
        }
    }

    private static func respelled(_ body: JSON, by names: DeclaredNames?) -> JSON {
        guard let names else { return body }
        if let items = body.items { return .array(items.map { respelled($0, by: names) }) }
        guard let object = body.object else { return body }
        return .object(
            JSONObject(
                object.members.map { member in
                    JSONObject.Member(other(member.key), respelled(member.value, by: names.inside(member.key)))
                }))
    }

    @Test func nameInTwoSpellingsIsRefusedAndChangesNothing() async throws {
        try await VendorAPIs.each { apis, operation, request in
            for name in operation.route.query.names {
                var once = request
                let value = once.query.first { $0.name == name }?.value ?? Self.values[name]
                let pair = (name: name, value: try #require(value, "\(operation): no value for \(name)"))
                // One of a filter's two alone is no filter.
                let filter = name.hasPrefix("filter_") ? Self.filter.filter { $0.name != name } : []
                once.query = once.query.filter { $0.name != name } + filter + [pair]
                expectTaken(try await apis.send(once), "\(operation) \(name)")
                once.query.append((Self.other(name), pair.value))
                VendorAPIs.expectRefusal(try await apis.send(once), 400, operation, name)
            }
            let before = try await VendorAPIs.terms(apis)
            for body in try request.body.map({ Self.doubled($0, by: try #require(operation.route.body)) }) ?? [] {
                var request = request
                request.body = body
                VendorAPIs.expectRefusal(try await apis.send(request), 400, operation, body.compact)
            }
            #expect(try await VendorAPIs.terms(apis) == before, "\(operation)")
        }
    }

    private static let filter = [(name: "filter_field", value: "status"), (name: "filter_value", value: "active")]
    /// The values of parameters that the operations' own requests leave out.
    private static let values = [
        "page": "0", "per_page": "100", "sort": "asc", "limit": "10", "page_number": "1", "locale": "en",
        "sort_field": "item_uid", "sort_type": "asc", "filter_field": "status", "filter_value": "active",
        "filter_type": "equal", "filter_format": "string", "from": "1", "to": "4000000000", "exec": "true",
        "mod": "Rhombus", "index": "1", "method": "request", "secret": "x",
    ]

    /// The request is refused, and the names that were ignored before are reported all the same.
    @Test func ignoredNamesAreReportedWithTheRefusal() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            var request = request
            let members = request.body?.object?.members ?? []
            let first = try #require(members.first)
            let again = JSONObject.Member(Self.other(first.key), first.value)
            request.body = .object(JSONObject([.init("colour", 1)] + members + [again]))
            request.query.append(("shade", "2"))
            let answer = try await apis.send(request)
            VendorAPIs.expectRefusal(answer, 400, operation)
            #expect(answer.field("gatehouse-ignored") == "shade, colour", "\(operation)")
        }
    }

    /// The body with one of its names in two spellings, once for each name of each of its objects.
    private static func doubled(_ body: JSON, by names: DeclaredNames) -> [JSON] {
        if let items = body.items {
            return items.indices.flatMap { place in
                doubled(items[place], by: names).map { item in
                    .array(items.enumerated().map { $0.offset == place ? item : $0.element })
                }
            }
        }
        guard let object = body.object else { return [] }
        return object.members.flatMap { member -> [JSON] in
            var twice = object
            twice[other(member.key)] = member.value
            let inner = names.inside(member.key).map { doubled(member.value, by: $0) } ?? []
            return [.object(twice)]
                + inner.map { value in
                    var outer = object
                    outer[member.key] = value
                    return .object(outer)
                }
        }
    }

    private static let types: [(type: String?, prefix: [UInt8])] = [
        (nil, []), ("", []), ("text/json", []), ("application/json; charset=utf-8", []),
        ("Application/JSON;charset=\"UTF-8\"", []), ("application/vnd.vendor+json", []),
        ("application/json", [0xEF, 0xBB, 0xBF]), (nil, [0xEF, 0xBB, 0xBF]),
    ]

    @Test func everyJSONTypeAndAByteOrderMarkAreAccepted() async throws {
        for (type, prefix) in Self.types {
            try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
                var request = request
                request.type = type
                request.prefix = prefix
                expectTaken(try await apis.send(request), "\(operation) \(type ?? "no type")")
            }
        }
    }

    @Test func slashAtTheEndIsIgnored() async throws {
        try await VendorAPIs.each { apis, operation, request in
            var request = request
            request.path += "/"
            expectTaken(try await apis.send(request), "\(operation)")
        }
    }

    @Test(arguments: [0, .null] as [JSON])
    func givenIDIsIgnoredInACreation(_ id: JSON) async throws {
        let isMaking = { (operation: Operation) in operation.route.method == .post && operation.route.takesBody }
        try await VendorAPIs.each(where: isMaking) { apis, operation, request in
            var request = request
            var body = try #require(request.body?.object)
            body["id"] = id
            request.body = .object(body)
            expectTaken(try await apis.send(request), ignoring: "id", "\(operation)")
        }
    }

    // MARK: Privacy

    /// A misspelled level must not fail silently, in either direction.
    @Test func levelInAnotherSpellingApplies() async throws {
        try await VendorAPIs.run { apis in
            for (vendor, word) in [("prodatakey", "secrecyLevel"), ("oneupvision", "privacyLevel")] {
                let operation = try #require(
                    VendorAPIs.operations.first { $0.vendor.name == vendor && $0.route.method == .post })
                var request = try await apis.request(operation)
                var body = try #require(request.body?.object)
                body[word] = nil
                body[Self.other(word)] = 2
                request.body = .object(body)
                let made = try await apis.send(request)
                expectTaken(made, "\(operation)")
                let id = try #require(made.json["id"]?.text)
                let shown = try await apis.gateway.get("\(request.path)/\(id)", key: apis.manager.key)
                #expect(shown.json[word] == 2, "\(shown.text)")
            }
        }
    }
}
