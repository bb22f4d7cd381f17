internal import GatehouseCore
internal import HTTPTypes

extension Operation {
    /// The operation in the document.
    ///
    /// - Parameters:
    ///   - route: the route that it describes.
    ///   - subject: the subject that it belongs to.
    ///   - made: the operations on the thing that this one creates, for the links of its answer.
    func json(of route: Route, in subject: Subject, made: [Operation]) -> JSON {
        var object = JSONObject()
        object["tags"] = [.string(subject.name)]
        object["operationId"] = .string(id)
        object["summary"] = .string(summary)
        object["description"] = .string(description(of: route))
        let parameters = parameters(of: route)
        if !parameters.isEmpty {
            object["parameters"] = .array(parameters.map { isRequired($0) ? $0.required : $0.reference })
        }
        if let body { object["requestBody"] = json(of: body) }
        object["responses"] = responses(to: route, made: made)
        object["security"] = security(of: route)
        if case .keyed(let action, _) = route.access {
            object["x-roles"] = .array(Self.roles(action).map { .string($0) })
        }
        return .object(object)
    }

    /// All parameters of a request, apart from its body.
    func parameters(of route: Route) -> [Parameter] {
        let names = Set(route.segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
        return Parameter.paths.filter { names.contains($0.name) }
            + Parameter.queries.filter { route.query?.contains($0.name) ?? false }
            + Parameter.headers.filter { headers.contains($0.name) }
    }

    private func isRequired(_ parameter: Parameter) -> Bool {
        parameter.place == .query && required.contains(parameter.name)
    }

    private static func roles(_ action: Role.Action) -> [String] {
        Role.allCases.filter { $0.allows(action) }.map(\.rawValue)
    }

    private func description(of route: Route) -> String {
        var sentences = about.isEmpty ? [] : [about]
        if case .keyed(let action, _) = route.access {
            sentences.append("For keys of the roles: \(Self.roles(action).joined(separator: ", ")).")
        }
        return sentences.joined(separator: "\n\n")
    }

    private func security(of route: Route) -> JSON {
        switch route.access {
        case .keyed: [[OpenAPIDocument.keyScheme: []]]
        case .open, .vendor: provesClient ? [[OpenAPIDocument.clientScheme: []]] : []
        }
    }

    // MARK: Bodies and answers

    private func json(of body: Body) -> JSON {
        ["required": .bool(body.isRequired), "content": .object(Self.content(body.media))]
    }

    private static func content(_ media: [Media]) -> JSONObject {
        JSONObject(
            media.map { media in
                var object = JSONObject()
                object["schema"] = media.schema.json
                if let only = media.samples.first, media.samples.count == 1 {
                    object["example"] = only.value
                } else if !media.samples.isEmpty {
                    let samples = media.samples.map { JSONObject.Member($0.name, ["value": $0.value]) }
                    object["examples"] = .object(JSONObject(samples))
                }
                return JSONObject.Member(media.type, .object(object))
            })
    }

    private func responses(to route: Route, made: [Operation]) -> JSON {
        let isKeyed = if case .keyed = route.access { true } else { false }
        var told: [(status: Int, json: JSON)] = []
        let refused = ProblemAnswer.all(for: problems(of: route), isKeyed: isKeyed)
        for answer in answers {
            var object = JSONObject()
            object["description"] = .string(answer.sentence)
            object["headers"] = AnswerHeader.references(keyed: isKeyed, answer.headers)
            var content = Self.content(answer.media)
            // Some refusals have two forms: the standard's, and ours for faults that are found before the standard
            // applies.
            if let ours = refused.first(where: { $0.status == answer.status.code }) {
                content["application/problem+json"] = .object(ours.answer.content)
            }
            if !content.isEmpty { object["content"] = .object(content) }
            if answer.status == .created { object["links"] = Self.links(to: made) }
            told.append((answer.status.code, .object(object)))
        }
        let rest = refused.filter { refusal in !told.contains { $0.status == refusal.status } }
        told += rest.map { ($0.status, $0.answer.reference) }
        told.sort { $0.status < $1.status }
        return .object(JSONObject(told.map { JSONObject.Member("\($0.status)", $0.json) }))
    }

    /// The operations that read, change and delete the created thing.
    private static func links(to operations: [Operation]) -> JSON {
        .object(
            JSONObject(
                operations.map { operation in
                    let place = operation.path.split(separator: "{").last?.prefix { $0 != "}" } ?? ""
                    return JSONObject.Member(
                        operation.id,
                        [
                            "operationId": .string(operation.id),
                            "parameters": .object(JSONObject([.init(String(place), "$response.body#/id")])),
                        ])
                }))
    }
}
