internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
internal import Logging
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseServer

/// A gateway in which one event, full of classified values, was delivered in every dialect to a receiver that repeats
/// it, to subscriptions that are full of credentials. Every route that reads can be called in it.
struct ReadingGateway {
    let gateway: LiveGateway.Client
    /// The values for the places of paths.
    let places: [String: [String]]

    // MARK: Values that must not be readable

    static let password = "secret-of-the-password"
    static let user = "secret-of-the-user"
    static let header = "secret-of-the-header"
    static let path = "secret-of-the-path"
    static let query = "secret-of-the-query"
    /// The owner's credentials, which no key below a manager reads.
    static let secrets = [password, user, header, path, query]

    private static let people: JSON = [
        "id": "31", "firstName": .string(Canary.person), "email": .string(Canary.person),
    ]

    /// Small enough that a receiver's kept answer has all of it.
    private static let event: JSON = [
        "specversion": "1.0", "id": "e1", "source": "/s", "type": "access.granted", "organization": "acme",
        "data": [
            "credential": ["form": "card", "number": .string(Canary.credential)], "person": people,
            "panel": "1070000", "door": "lobby",
            "access": ["direction": "entry", "method": "card", "authorized": true, "reason": .string(Canary.person)],
            "details": ["userPIN": .string(Canary.credential), "nickname": .string(Canary.person)],
        ],
    ]

    // MARK: Set-up

    static func with(
        repeating part: EchoReceiver.Part, answering status: HTTPResponse.Status = .ok, logger: Logger? = nil,
        _ test: (ReadingGateway) async throws -> Void
    ) async throws {
        try await EchoReceiver(repeating: part, answering: status).serving { url in
            try await LiveGateway.with(Dialects.all, logger: logger) { gateway in
                try await test(try await setUp(gateway, receiver: url))
            }
        }
    }

    private static func setUp(_ gateway: LiveGateway.Client, receiver: String) async throws -> ReadingGateway {
        try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
        try await gateway.make("/v1/panels", ["id": "1070000", "organization": "acme", "name": "P", "number": 7])
        try await gateway.make(
            "/v1/doors",
            [
                "id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby", "attendance": true,
                "driver": ["type": "simulated"],
            ])
        var subscriptions: [String] = []
        for dialect in Dialects.all {
            subscriptions.append(try await subscribe(Spoken(dialect: dialect), gateway, receiver))
        }
        let trigger = try await gateway.make("/v1/triggers", ["name": "t", "organization": "acme"])
        let key = try await gateway.make("/v1/keys", ["name": "k", "role": "reporter", "organization": "acme"])
        let taken = try await gateway.post("/v1/events", event)
        try #require(taken.status == 202, "\(taken.text)")
        let id = try #require(taken.json["events"]?.items?.first?["event"]?.text)
        let deliveries = try await tried(event: id, count: Dialects.all.count, gateway)
        let secret = trigger["url"]?.text?.firstMatch(of: #/secret=([^&]+)/#).map { String($0.1) }
        let numbers = (1...8).map { String($0) }
        return ReadingGateway(
            gateway: gateway,
            places: [
                "organization": ["acme"], "panel": ["1070000"], "door": ["lobby"], "person": ["31"],
                "key": [key["id"]?.text ?? ""], "subscription": subscriptions, "replay": ["1"], "event": [id],
                "trigger": [trigger["id"]?.text ?? ""], "delivery": deliveries, "hook": subscriptions,
                "uid": numbers + deliveries.compactMap { DeliveryID($0).map { String($0.historyNumber) } },
                "webhookId": numbers, "secret": [try #require(secret)], "mod": ["R"],
                "index": ["1"], "method": ["request"], "source": ["none"], "serverId": ["7"], "doorId": ["3"],
                "eventId": ["11"], "accountId": ["1"],
            ])
    }

    /// ProdataKey's contract accepts only https, so its URL leads to a closed port.
    private static func subscribe(
        _ spoken: Spoken, _ gateway: LiveGateway.Client, _ receiver: String
    ) async throws -> String {
        let base = spoken.dialect is ProdataKeyDialect ? "https://127.0.0.1:9/in" : receiver
        let made = try await gateway.make(
            "/v1/subscriptions",
            [
                "name": .string(spoken.dialect.name.text), "organization": "acme",
                "dialect": .string(spoken.dialect.name.text), "url": .string("\(base)/\(path)?token=\(query)"),
                "settings": .object(spoken.settingsWithAuthorization ?? spoken.settings), "privacyLevel": 0,
                "headers": ["X-Harmless-Word": .string(header)],
                "authentication": ["type": "basic", "user": .string(user), "password": .string(password)],
            ])
        return try #require(made["id"]?.text)
    }

    /// The deliveries of an event, each with an attempt.
    private static func tried(
        event: String, count: Int, _ gateway: LiveGateway.Client
    ) async throws -> [String] {
        while true {
            let items = try await gateway.get("/v1/deliveries?event=\(event)").json["items"]?.items ?? []
            try #require(items.count == count, "every dialect is owed the event")
            if items.allSatisfy({ ($0["attemptCount"]?.integer ?? 0) > 0 }) {
                return items.compactMap { $0["id"]?.text }
            }
        }
    }

    // MARK: Reading

    /// Every GET route, including the vendors', except the stream, which has no end.
    static let routes: [Route] = (Routes.all + VendorRoute.all(of: DialectTable(Dialects.all)))
        .filter { $0.method == .get && $0.pattern != "/v1/events/stream" }

    /// A separate key.
    func key(_ role: JSON, level: Int) async throws -> String {
        let made = try await gateway.make(
            "/v1/keys",
            ["name": "reader", "role": role, "organization": "acme", "privacyLevel": .integer(level)])
        return try #require(made["key"]?.text)
    }

    /// The answers of all routes to a key, each with its path.
    func answers(to key: String) async throws -> [(path: String, answer: LiveGateway.Client.Answer)] {
        var answers: [(String, LiveGateway.Client.Answer)] = []
        for route in Self.routes {
            for path in try paths(of: route) { answers.append((path, try await gateway.get(path, key: key))) }
        }
        return answers
    }

    /// The paths of a route, with every value of its placeholders.
    func paths(of route: Route) throws -> [String] {
        var paths = [""]
        for segment in route.segments {
            let fillings = segment.hasPrefix("{") ? places[String(segment.dropFirst().dropLast())] : [String(segment)]
            let found = try #require(fillings, "\(segment) of \(route.pattern) is a place without a value here")
            paths = paths.flatMap { path in found.map { "\(path)/\($0)" } }
        }
        let isSecretInQuery = route.pattern.hasSuffix("/notify")
        return paths.map { isSecretInQuery ? "\($0)?secret=\(places["secret"]?.first ?? "")" : $0 }
    }
}
