internal import GatehouseCore
internal import GatehouseGateway
import Testing

@testable internal import DialectFixtures

/// A receiver's requests are the recorder's attempts, in every dialect.
@Suite(.serialized) struct TryConformanceTests {
    private static let events = 6

    @Test(arguments: Spoken.all)
    func receiverGetsOneRequestForEachAttempt(_ spoken: Spoken) async throws {
        let receiver = try await ClosingReceiver(speaksTLS: spoken.dialect.name.text == "prodatakey")
        try await LiveGateway.with(Spoken.all.map(\.dialect)) { gateway in
            let id = try await subscribe(spoken, receiver.url, on: gateway)
            for number in 1...Self.events {
                let answer = try await gateway.post("/v1/events", Self.event(number))
                try #require(answer.status == 202, "\(answer.text)")
                try await waitFor(number, of: id, on: gateway)
            }
            #expect(receiver.requests == Self.events)
        }
        await receiver.stop()
    }

    /// For contracts with a number of attempts, or with the attempt's number in the request.
    @Test(arguments: Spoken.all, [Promise.durable, .vendor])
    func contractsThatCountTriesDeclareIt(_ spoken: Spoken, _ promise: Promise) throws {
        guard spoken.dialect.defaults.promises.contains(promise) else { return }
        var terms = try spoken.terms()
        terms.promise = promise
        let counts = promise == .vendor || ["oneupvision", "basip"].contains(spoken.dialect.name.text)
        #expect(spoken.dialect.retries(for: terms).countsTries == counts)
        let subscription = Subscription(
            try spoken.subscription().identity, terms: terms, hold: .none, revision: 1,
            sayable: spoken.dialect.vocabulary.sayable)
        let event = Building.examples[0].event
        let request = spoken.prepare(event, for: subscription)
            .leaving(for: subscription, by: spoken.dialect.retries(for: terms), events: [event.id], at: Building.now)
        #expect(request.countsTries == counts && request.organization == subscription.organization)
    }

    // MARK: Owed deliveries

    private func subscribe(
        _ spoken: Spoken, _ url: String, on gateway: LiveGateway.Client
    ) async throws -> String {
        try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme", "timeZone": "America/Sao_Paulo"])
        try await gateway.make(
            "/v1/panels", ["id": "1070000", "organization": "acme", "name": "Panel", "number": 7])
        try await gateway.make(
            "/v1/doors",
            ["id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby", "attendance": true])
        let made = try await gateway.make(
            "/v1/subscriptions",
            [
                "name": "One try", "dialect": .string(spoken.dialect.name.text), "url": .string(url),
                "organization": "acme", "settings": .object(spoken.settings), "retries": [3600], "concurrency": 1,
                "tls": ["verification": false],
            ])
        return try #require(made["id"]?.text)
    }

    private static func event(_ number: Int) -> JSON {
        [
            "specversion": "1.0", "id": .string("e\(number)"), "source": "/panels/1070000", "type": "access.granted",
            "organization": "acme", "data": .object(Building.examples[0].event.data),
        ]
    }

    /// Waits until this many attempts are recorded.
    private func waitFor(_ attempts: Int, of id: String, on gateway: LiveGateway.Client) async throws {
        for _ in 1...1_000 {
            if try await self.attempts(of: id, on: gateway) == attempts { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("what is owed was not tried once each")
    }

    private func attempts(of id: String, on gateway: LiveGateway.Client) async throws -> Int {
        var count = 0
        for delivery in try await gateway.get("/v1/deliveries?subscription=\(id)").json["items"]?.items ?? [] {
            let one = try await gateway.get("/v1/deliveries/\(delivery["id"]?.text ?? "")").json
            count += one["attempts"]?.items?.count ?? 0
        }
        return count
    }
}
