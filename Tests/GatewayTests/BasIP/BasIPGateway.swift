internal import Crypto
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// A whole gateway with calls to BAS-IP's API, and the common parts of its tests.
enum BasIPGateway {
    static let webhooks = "/api/v1/webhooks"

    /// The smallest body that creates a webhook.
    static let least: JSON = [
        "url": "http://127.0.0.1:9/in", "status": "active", "event_types": ["log.access_granted_by_valid_identifier"],
        "max_retries": 5,
    ]

    static func with(_ body: JSON, _ more: JSON) -> JSON {
        var object = body.object ?? JSONObject()
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    static func without(_ body: JSON, _ name: String) -> JSON {
        JSON.object(JSONObject((body.object ?? JSONObject()).members.filter { $0.key != name }))
    }

    /// A gateway with one organization, a panel and a door in it.
    static func run(
        gate: FaultGate = FaultGate(), _ test: (LiveGateway.Client) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all, gate: gate) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await gateway.make("/v1/panels", ["id": "basip", "organization": "acme", "name": "Panel"])
            try await gateway.make("/v1/doors", ["id": "lobby", "panel": "basip", "number": 1, "name": "Lobby"])
            try await test(gateway)
        }
    }

    /// Creates a webhook; a refusal fails the test.
    @discardableResult
    static func make(_ gateway: LiveGateway.Client, _ more: JSON = [:]) async throws -> Int64 {
        let answer = try await gateway.post(webhooks, with(least, more))
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["item_uid"]?.integer)
    }

    static func key(_ role: JSON, _ gateway: LiveGateway.Client) async throws -> (id: String, key: String) {
        let made = try await gateway.make("/v1/keys", ["name": "K", "role": role, "organization": "acme"])
        return (try #require(made["id"]?.text), try #require(made["key"]?.text))
    }

    static func login(
        _ user: String, _ password: String, _ gateway: LiveGateway.Client
    ) async throws -> LiveGateway.Client.Answer {
        try await gateway.get("/api/v1/login?username=\(user)&password=\(password)", key: nil)
    }

    static func md5(_ text: String) -> String { Hex.text(Insecure.MD5.hash(data: Array(text.utf8))) }

    static func expect(_ answer: LiveGateway.Client.Answer, _ status: Int, _ error: String) {
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.text == JSON.object(JSONObject([.init("error", .string(error))])).compact)
    }

    /// A person enters with a card.
    static func badge(_ id: String) -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/panels/basip", "type": "access.granted",
            "organization": "acme", "time": "2025-04-29T17:31:13.611Z",
            "data": [
                "panel": "basip", "door": "lobby", "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"],
                "credential": ["form": "card", "number": "0011223344"],
            ],
        ]
    }
}

extension BasIPDialect {
    /// Every name that can be requested.
    var words: [String] {
        let names = vocabulary.entries.values.flatMap { entry -> [String] in
            guard case .named(let names) = entry else { return [] }
            return names.map(\.text)
        }
        return Set(names).sorted()
    }
}
