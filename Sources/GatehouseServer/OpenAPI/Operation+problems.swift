internal import GatehouseCore
internal import HTTPTypes

/// The problems of an operation. Most follow from the route: its access, its path, its body, and whether it changes
/// anything.
extension Operation {
    /// Every kind of problem that a call of this route may get, in the order of their table.
    func problems(of route: Route) -> [ProblemKind] {
        let met: [ProblemKind] = Self.always + keyed(route) + placed(route) + bodied(route) + changing(route) + problems
        return ProblemKind.all.filter(met.contains)
    }

    private static let always: [ProblemKind] = [
        .fault(.malformed), .own(.longTarget), .own(.largeHeaders), .own(.unmetExpectation), .own(.manyConnections),
        .own(.slowRequest), .own(.unexpected),
    ]

    private func keyed(_ route: Route) -> [ProblemKind] {
        guard case .keyed(let action, _) = route.access, let query = route.query else { return [] }
        var met: [ProblemKind] = [
            .own(.missingKey), .own(.unknownKey), .own(.tooManyRequests), .own(.tooManyGuesses), .fault(.malformed),
            .fault(.unknownField),
        ]
        if !Role.allCases.allSatisfy({ $0.allows(action) }) { met.append(.fault(.forbidden)) }
        if !query.isEmpty { met.append(.fault(.outOfBounds)) }
        if !query.isDisjoint(with: ["organization", "subscription"]) { met.append(.fault(.notFound)) }
        if query.contains("kind") { met.append(.fault(.unknownKind)) }
        return met
    }

    private func placed(_ route: Route) -> [ProblemKind] {
        guard route.pattern.contains("{") else { return [] }
        // An id of the directory is unique only in its organization.
        let isAmbiguous = route.query?.contains("organization") ?? false
        return [.fault(.notFound)] + (isAmbiguous ? [.own(.ambiguousPath)] : [])
    }

    private func bodied(_ route: Route) -> [ProblemKind] {
        guard case .keyed = route.access else { return [] }
        guard let body else { return method == .get ? [] : Self.bodiless }
        return (body.isObject ? [.fault(.maskedValue)] : []) + [
            .fault(.malformed), .fault(.unsupportedMedia), .fault(.tooLarge), .fault(.missingField),
            .fault(.unknownField), .fault(.wrongType), .fault(.outOfBounds), .own(.manyBodies),
            .own(.callersBodies),
        ]
    }

    /// Of a body at an operation that has no fields.
    private static let bodiless: [ProblemKind] = [
        .fault(.malformed), .fault(.unsupportedMedia), .fault(.tooLarge), .fault(.unknownField), .fault(.outOfBounds),
        .own(.manyBodies), .own(.callersBodies),
    ]

    private func changing(_ route: Route) -> [ProblemKind] {
        guard case .keyed = route.access, method != .get else { return [] }
        return [.own(.storeAway), .own(.overloaded), .own(.storeDamaged)]
    }
}

/// An answer with a problem; each set of kinds occurs once.
struct ProblemAnswer: Hashable, Sendable {
    /// The kinds, all with the same status.
    let kinds: [ProblemKind]
    /// Whether the answer is to a caller with a key.
    let isKeyed: Bool

    /// One answer for each status.
    static func all(for kinds: [ProblemKind], isKeyed: Bool) -> [(status: Int, answer: ProblemAnswer)] {
        let statuses = Set(kinds.map(\.status.code)).sorted()
        return statuses.map { status in
            let kinds = kinds.filter { $0.status.code == status }
            return (status, ProblemAnswer(kinds: kinds, isKeyed: isKeyed && status != 401))
        }
    }

    /// Its name among the document's components.
    var key: String { (isKeyed ? "" : "open.") + kinds.map(\.slug).joined(separator: ".") }

    /// A reference to it.
    var reference: JSON { ["$ref": .string("#/components/responses/\(key)")] }

    /// The answer in the document.
    var json: JSON {
        [
            "description": .string(kinds.map(\.title).joined(separator: ", or: ") + "."),
            "headers": AnswerHeader.references(keyed: isKeyed, headers),
            "content": ["application/problem+json": .object(content)],
        ]
    }

    /// The content under the media type of problems.
    var content: JSONObject {
        let types = Schema.record([.must("type", .word(kinds.map(\.type)))])
        let samples = kinds.map { JSONObject.Member($0.slug, ["value": $0.sample]) }
        return JSONObject([
            .init("schema", Schema.all(of: [.ref("Problem"), types]).json),
            .init("examples", .object(JSONObject(samples))),
        ])
    }

    private var headers: [String] {
        switch kinds.first?.status {
        case .unauthorized: ["WWW-Authenticate"]
        case .methodNotAllowed: ["Allow"]
        case .tooManyRequests, .serviceUnavailable: ["Retry-After"]
        case .unsupportedMediaType: ["Accept-Encoding"]
        default: []
        }
    }
}
