internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseVerification
import Testing

@testable internal import DialectFixtures

/// A whole gateway with one more dialect than the product uses it over real sockets.
@Suite struct MadeUpGatewayTests {
    @Test(.timeLimit(.minutes(1)))
    func vendorsReceiverGetsItsMessageAndTheRetry() async throws {
        let receiver = MadeUpServer()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await receiver.run() }
            defer { tasks.cancelAll() }
            let port = try #require(await receiver.boundPort())
            try await LiveGateway.with(Dialects.all + [MadeUpDialect()]) { gateway in
                let secret = try await subscribe("http://127.0.0.1:\(port)/in", over: gateway)
                #expect(try await gateway.post("/v1/events", Self.passage).status == 202)
                try await expectTwoTries(of: receiver, secret: secret)
            }
            await receiver.stop()
            try await tasks.waitForAll()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func productDoesNotHaveTheDialect() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let answer = try await gateway.post("/v1/subscriptions", Self.subscription(to: "http://127.0.0.1:9/"))
            #expect(answer.status == 422)
            #expect(answer.json["field"] == "dialect")
            #expect(answer.text.contains("It speaks: standard"))
        }
    }

    private func subscribe(_ url: String, over gateway: LiveGateway.Client) async throws -> Secret {
        try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
        try await gateway.make("/v1/panels", ["id": "1070000", "organization": "acme", "name": "Hall"])
        try await gateway.make("/v1/doors", ["id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby"])
        let made = try await gateway.make("/v1/subscriptions", Self.subscription(to: url))
        return Secret(try #require(made["secret"]?.text))
    }

    private func expectTwoTries(of receiver: MadeUpServer, secret: Secret) async throws {
        var tries: [String] = []
        var bodies: Set<[UInt8]> = []
        for await message in receiver.messages {
            #expect(MadeUpReceiver.accepts(message, secret: secret))
            tries += message.headers.filter { $0.name == "x-acme-try" }.map(\.value)
            bodies.insert(message.body)
            if tries.count == 2 { break }
        }
        #expect(tries == ["1", "2"])
        let body = try JSONParser.parse(try #require(bodies.first))
        #expect(bodies.count == 1)
        #expect(body["what"] == "TURN_IN" && body["gate"] == 3)
        #expect(body["who"] == ["given": "Ana", "family": "Reis"])
    }

    private static func subscription(to url: String) -> JSON {
        [
            "organization": "acme", "name": "Turnstiles", "dialect": "acme-turnstiles", "url": .string(url),
            "settings": ["gates": [3]],
        ]
    }

    private static let passage: JSON = [
        "specversion": "1.0", "id": "p-1", "source": "/panels/1070000", "type": "access.granted",
        "organization": "acme",
        "data": [
            "panel": "1070000", "door": "lobby", "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"],
            "access": ["direction": "entry"],
        ],
    ]
}
