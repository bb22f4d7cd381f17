internal import GatehouseCore
internal import HTTPTypes

/// The description of the native API by OpenAPI 3.1, built from the subjects and the routes.
struct OpenAPIDocument: Sendable {
    /// The name of the security scheme for keys.
    static let keyScheme = "key"
    /// The name of the security scheme for clients that ask for a token.
    static let clientScheme = "client"

    let subjects: [Subject]
    let routes: [Route]
    let gateway: DescribedGateway

    /// The description of a gateway.
    init(of gateway: DescribedGateway, subjects: [Subject], routes: [Route]) {
        self.gateway = gateway
        self.subjects = subjects
        self.routes = routes
    }

    /// The document. An operation without a route is left out; a test finds it, and every route without an operation.
    var json: JSON {
        [
            "openapi": "3.1.0",
            "info": OpenAPIInformation.json,
            "servers": [["url": .string(gateway.settings.publicURL ?? "/")]],
            "tags": .array(subjects.map { ["name": .string($0.name), "description": .string($0.about)] }),
            "paths": paths,
            "components": components,
        ]
    }

    /// The route that an operation describes.
    func route(of operation: Operation) -> Route? {
        routes.first { $0.method == operation.method && $0.pattern == operation.path }
    }

    private var paths: JSON {
        var paths = JSONObject()
        for subject in subjects {
            for operation in subject.operations {
                guard let route = route(of: operation) else { continue }
                var methods = paths[operation.path]?.object ?? JSONObject()
                let made = Self.made(by: operation, in: subject)
                methods[operation.method.rawValue.lowercased()] = operation.json(of: route, in: subject, made: made)
                paths[operation.path] = .object(methods)
            }
        }
        return .object(paths)
    }

    /// The operations on a single thing of the collection to which an operation adds one.
    private static func made(by operation: Operation, in subject: Subject) -> [Operation] {
        subject.operations.filter { other in
            guard other.path.hasPrefix(operation.path + "/{") else { return false }
            return !other.path.dropFirst(operation.path.utf8.count + 1).contains("/")
        }
    }

    // MARK: Components

    private var components: JSON {
        [
            "schemas": .object(JSONObject(schemas.map { JSONObject.Member($0.name, $0.schema.json) })),
            "parameters": .object(JSONObject(Parameter.all.map { JSONObject.Member($0.key, $0.json) })),
            "headers": .object(JSONObject(AnswerHeader.all.map { JSONObject.Member($0.name, $0.json) })),
            "responses": responses,
            "securitySchemes": schemes,
        ]
    }

    private var schemas: [(name: String, schema: Schema)] {
        subjects.flatMap(\.schemas) + ProblemKind.schemas.map { (name: $0.0, schema: $0.1) }
    }

    /// Every set of problems that an operation answers, and the answer of every path to a wrong method.
    private var responses: JSON {
        var responses = JSONObject()
        let wrongMethod = ProblemAnswer(kinds: [.own(.wrongMethod)], isKeyed: false)
        responses[wrongMethod.key] = wrongMethod.json
        for operation in subjects.flatMap(\.operations) {
            guard let route = route(of: operation) else { continue }
            let isKeyed = if case .keyed = route.access { true } else { false }
            for (status, answer) in ProblemAnswer.all(for: operation.problems(of: route), isKeyed: isKeyed)
            where !operation.answers.contains(where: { $0.status.code == status }) {
                responses[answer.key] = answer.json
            }
        }
        return .object(responses)
    }

    private var schemes: JSON {
        .object(
            JSONObject([
                .init(
                    Self.keyScheme,
                    [
                        "type": "http", "scheme": "bearer", "bearerFormat": "gk_…",
                        "description": "A key, as `POST /v1/keys` shows it once.",
                    ]),
                .init(
                    Self.clientScheme,
                    [
                        "type": "http", "scheme": "basic",
                        "description": "A key's id, and the key or its secret part (RFC 6749 section 2.3.1).",
                    ]),
            ]))
    }
}
