import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The served description has every route, and no route that does not exist.
@Suite struct DescriptionTests {
    private static let document = OpenAPI.document(
        of: DescribedGateway(
            dialects: DialectTable([PlainDialect()]), drivers: DriverTable([PaperDriver()]), settings: ServerSettings())
    )
    private static let json = document.json
    private static let checker = SchemaChecker(json)

    private static func line(_ method: HTTPRequest.Method, _ path: String) -> String { "\(method.rawValue) \(path)" }

    /// A route with its part of the document.
    private static func described(_ route: Route) -> JSON? {
        json["paths"]?[route.pattern]?[route.method.rawValue.lowercased()]
    }

    @Test func everyRouteIsDescribed() {
        let described = Set(Self.document.subjects.flatMap(\.operations).map { Self.line($0.method, $0.path) })
        for route in Routes.built {
            let line = Self.line(route.method, route.pattern)
            #expect(
                described.contains(line),
                "\(line) is served and not described: add a row to its subject in Sources/GatehouseServer/OpenAPI/")
        }
    }

    @Test func everyDescribedRouteIsServed() {
        let served = Set(Routes.built.map { Self.line($0.method, $0.pattern) })
        let described = Self.document.subjects.flatMap(\.operations).map { Self.line($0.method, $0.path) }
        #expect(described.filter { !served.contains($0) } == [])
        #expect(Set(described).count == described.count, "a route is described twice")
        let ids = Self.document.subjects.flatMap(\.operations).map(\.id)
        #expect(Set(ids).count == ids.count, "two operations have one operationId")
        let schemas = Self.document.subjects.flatMap(\.schemas).map(\.name)
        #expect(Set(schemas).count == schemas.count, "two schemas have one name")
    }

    @Test func everyParameterOfARouteIsDescribed() {
        for route in Routes.built {
            let parameters = (Self.described(route)?["parameters"]?.items ?? []).map(Self.checker.resolved)
            let line = Self.line(route.method, route.pattern)
            func names(_ place: String) -> Set<String> {
                Set(parameters.filter { $0["in"]?.text == place }.compactMap { $0["name"]?.text })
            }
            let advice = "describe it in Sources/GatehouseServer/OpenAPI/Parameter.swift"
            #expect(names("query") == route.query ?? [], "\(line): \(advice)")
            let places = route.segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
            #expect(names("path") == Set(places), "\(line): \(advice)")
        }
    }

    @Test func describedRolesAreThoseOfTheRoutes() {
        for route in Routes.built {
            let described = Self.described(route)
            switch route.access {
            case .keyed(let action, _):
                let roles = Role.allCases.filter { $0.allows(action) }.map { JSON.string($0.rawValue) }
                #expect(described?["x-roles"] == .array(roles))
                #expect(described?["security"] == [["key": []]])
                #expect(described?["responses"]?["401"] != nil && described?["responses"]?["403"] != nil)
            case .open, .vendor:
                #expect(described?["x-roles"] == nil && described?["responses"]?["403"] == nil)
                let isToken = route.pattern == "/oauth2/token"
                #expect(described?["security"] == (isToken ? [["client": []]] : []))
            }
        }
    }

    @Test func everyReferenceResolvesAndEveryComponentIsUsed() {
        var references: Set<String> = []
        Self.collect(Self.json, into: &references)
        for reference in references { #expect(Self.checker.resolved(["$ref": .string(reference)]) != .null) }
        for (kind, members) in (Self.json["components"]?.object?.members ?? []).map({ ($0.key, $0.value) })
        where kind != "securitySchemes" {
            let names = (members.object?.members ?? []).map { "#/components/\(kind)/\($0.key)" }
            let unused = names.filter { !references.contains($0) && !$0.hasSuffix("open.wrong-method") }
            #expect(unused == [], "nothing refers to these")
        }
    }

    private static func collect(_ value: JSON, into references: inout Set<String>) {
        switch value {
        case .object(let object):
            if let reference = object["$ref"]?.text { references.insert(reference) }
            for member in object.members { collect(member.value, into: &references) }
        case .array(let items):
            for item in items { collect(item, into: &references) }
        case .null, .bool, .number, .string: break
        }
    }

    @Test func everyKindOfProblemIsDescribed() {
        let types = Self.json["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]?.items ?? []
        #expect(Set(types.compactMap(\.text)) == Set(ProblemKind.all.map(\.type)))
        var told: Set<ProblemKind> = [.own(.wrongMethod)]
        for operation in Self.document.subjects.flatMap(\.operations) {
            if let route = Self.document.route(of: operation) { told.formUnion(operation.problems(of: route)) }
        }
        let untold = ProblemKind.all.filter { !told.contains($0) }
        #expect(untold == [], "no operation says that it may answer these")
    }

    /// Masks are refused in every body that is one object; events may contain any text.
    @Test func maskProblemIsDescribedExactlyWhereItIsChecked() async throws {
        let server = try await TestServer()
        for operation in Self.document.subjects.flatMap(\.operations) {
            guard let route = Self.document.route(of: operation), case .keyed = route.access else { continue }
            let isListed = operation.problems(of: route).contains(.fault(.maskedValue))
            #expect(isListed == (operation.body?.isObject ?? false), "\(operation.id)")
            guard operation.body != nil, !route.pattern.contains("{") else { continue }
            let answer = try await server.post(route.pattern, ["name": .string(Mask.text)])
            let isMet = answer.json?["type"] == "/problems/masked-value"
            #expect(isMet == isListed, "\(operation.id): \(answer.text)")
        }
    }

    @Test func everyProblemFitsItsOwnSchema() throws {
        for (status, response) in Self.responses() {
            let content = try #require(response["content"]?["application/problem+json"])
            let samples = content["examples"]?.object?.members ?? []
            #expect(!samples.isEmpty)
            for sample in samples {
                let value = try #require(sample.value["value"])
                let schema = try #require(content["schema"])
                #expect(Self.checker.faults(in: value, by: schema) == [])
                if let status { #expect(value["status"]?.integer == status) }
            }
        }
    }

    /// Every answer with problems, with its status in the operations that refer to it.
    private static func responses() -> [(status: Int64?, response: JSON)] {
        let shared = (json["components"]?["responses"]?.object?.members ?? []).map { (Int64?.none, $0.value) }
        let told = Routes.built.flatMap { route in
            (described(route)?["responses"]?.object?.members ?? []).map {
                (Int64($0.key), checker.resolved($0.value))
            }
        }
        return (shared + told).filter { $0.1["content"]?["application/problem+json"] != nil }
    }

    @Test func undescribedRouteIsNamedWithItsReason() throws {
        let words = try #require(Self.json["info"]?["description"]?.text)
        #expect(words.contains("docs/routes.md"))
        for route in NotBuilt.routes + NotBuilt.open {
            #expect(words.contains("`\(Self.line(route.method, route.pattern))`"))
        }
    }

    @Test func documentIsServedUnchanged() async throws {
        var settings = ServerSettings()
        settings.publicURL = "https://gatehouse.example.com"
        let server = try await TestServer(settings: settings)
        let answer = try await server.get("/openapi.json", try await server.credential(.reporter))
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
        #expect(answer.json?["openapi"] == "3.1.0")
        #expect(answer.json?["servers"] == [["url": "https://gatehouse.example.com"]])
        #expect(answer.json?["paths"]?.object?.members.map(\.key) == Self.json["paths"]?.object?.members.map(\.key))
        try await server.get("/openapi.json", nil).expectProblem(401, "missing-key")
        try await server.get("/openapi.json?pretty=1").expectProblem(422, "unknown-field")
    }

    /// Rules of the Core that the document repeats for programs.
    @Test func describedRulesAreThoseThatAreChecked() throws {
        let pattern: JSON = ["type": "string", "pattern": .string(IdentifierRule.pattern)]
        let texts = ["a", "lobby-1.~:_Z", "", "a b", "é", "a/b", "a\n"]
        let longs = [String(repeating: "x", count: 128), String(repeating: "x", count: 129)]
        for text in texts + longs {
            let fits = Self.checker.faults(in: .string(text), by: pattern).isEmpty
            #expect(fits == IdentifierRule.allows(text), "\(text.debugDescription)")
        }
        let outcomes: [Outcome] = [
            .answered(.init(status: 204)), .answered(.init(status: 500)), .forbidden(reason: ""),
            .unresolved(reason: ""), .unreachable(reason: ""), .proxyFailed(reason: ""), .untrusted(reason: ""),
            .timedOut(.write), .broken(reason: ""),
        ]
        #expect(outcomes.map(\.word) == Outcome.words)
    }
}
