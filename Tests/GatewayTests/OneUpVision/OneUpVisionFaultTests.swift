internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// The first call to the store fails, then the second, and so on, before it or after it: an organization's integration
/// is complete or absent after each, and the caller can try again.
@Suite(.timeLimit(.minutes(3))) struct OneUpVisionFaultTests {
    /// The changes of an integration, with the number of its earlier subscriptions.
    private enum Action: String, CaseIterable {
        case foundByItsContract, foundNatively, joinByItsContract, joinNatively, change, rotate, remove

        var before: Int {
            switch self {
            case .foundByItsContract, .foundNatively: 0
            case .joinByItsContract, .joinNatively, .change, .remove: 1
            case .rotate: 3
            }
        }
    }

    private static let hooks = "/api/v1/service-hooks"
    private static let hook: JSON = ["url": "https://example.com/in", "events": ["punch.create"]]
    private static let mostCalls = 6
    /// The calls of the actions to the store; the gateway's own calls meanwhile are not counted.
    private static let asked: Set<StoreOperation> = [
        .addIntegration, .rotateSecrets, .addSubscription, .changeSubscription, .deleteSubscription,
    ]

    private static func native(_ organization: String) -> JSON {
        [
            "organization": .string(organization), "dialect": "oneupvision", "name": "N",
            "url": "https://example.com/in", "settings": ["events": ["punch.create"]],
        ]
    }

    private static func fields(_ organization: String) throws -> HTTPFields {
        [.contentType: "application/json", try #require(HTTPField.Name("gatehouse-organization")): organization]
    }

    private func perform(
        _ action: Action, in organization: String, on first: String?, _ gateway: LiveGateway.Client
    ) async throws -> LiveGateway.Client.Answer {
        let fields = try Self.fields(organization)
        switch action {
        case .foundByItsContract, .joinByItsContract:
            return try await gateway.send(.post, Self.hooks, headers: fields, body: Self.hook.bytes)
        case .foundNatively, .joinNatively:
            return try await gateway.post("/v1/subscriptions", Self.native(organization))
        case .change:
            var hook = Self.hook.object ?? JSONObject()
            hook["description"] = "another"
            let path = "\(Self.hooks)/\(first ?? "")"
            return try await gateway.send(.put, path, headers: fields, body: JSON.object(hook).bytes)
        case .rotate:
            return try await gateway.post("/v1/subscriptions/\(first ?? "")/rotate-secret", [:])
        case .remove:
            return try await gateway.send(.delete, "/v1/subscriptions/\(first ?? "")")
        }
    }

    /// An organization with a subscription has an integration, and all subscriptions sign with its secret.
    private func expectWhole(_ organization: String, _ store: any Store, _ what: String) async throws {
        let integrations = try await store.integrations().filter { $0.name.organization.text == organization }
        let subscriptions = try await store.subscriptions().filter { $0.identity.organization.text == organization }
        let secrets = Set(try subscriptions.map { try JSONParser.parse($0.terms)["secret"]?.text })
        #expect(integrations.count <= 1, "\(what)")
        #expect(subscriptions.isEmpty || integrations.count == 1, "\(what)")
        #expect(secrets.isEmpty || secrets == [integrations.first?.secret.revealed], "\(what)")
        #expect(subscriptions.allSatisfy { $0.identity.integration == integrations.first?.id }, "\(what)")
    }

    @Test(arguments: FaultGate.Moment.allCases)
    func integrationIsCompleteOrAbsentWithAnyFailingCall(_ moment: FaultGate.Moment) async throws {
        let gate = FaultGate()
        try await LiveGateway.with(Dialects.all, gate: gate) { gateway in
            for action in Action.allCases {
                var failures = 0
                for number in 1...Self.mostCalls {
                    failures += try await runOnce(action, failing: number, moment, (gate, gateway)) ? 1 : 0
                }
                #expect(failures > 0, "\(action) met no fault")
            }
        }
    }

    /// Whether the action reached the fault.
    private func runOnce(
        _ action: Action, failing number: Int, _ moment: FaultGate.Moment,
        _ running: (gate: FaultGate, gateway: LiveGateway.Client)
    ) async throws -> Bool {
        let (gate, gateway) = running
        let organization = "\(action)-\(number)".lowercased()
        let what = "\(action), call \(number)"
        try await gateway.make("/v1/organizations", ["id": .string(organization), "name": "O", "parent": .null])
        var first: String?
        for _ in 0..<action.before {
            let made = try await gateway.make("/v1/subscriptions", Self.native(organization))
            first = first ?? made["id"]?.text
        }
        gate.fail(call: number, moment, of: Self.asked)
        let answer = try await perform(action, in: organization, on: first, gateway)
        gate.rest()
        let isTaken = (200..<300).contains(answer.status)
        #expect(isTaken || answer.status == 503, "\(what): \(answer.text)")
        try await expectWhole(organization, gateway.store, what)
        var last = answer
        for _ in 1...3 where !(200..<300).contains(last.status) {
            last = try await perform(action, in: organization, on: first, gateway)
            if action == .remove, last.status == 404 { break }
        }
        #expect((200..<300).contains(last.status) || action == .remove, "\(what), again: \(last.text)")
        try await expectWhole(organization, gateway.store, "\(what), again")
        return !isTaken
    }
}
