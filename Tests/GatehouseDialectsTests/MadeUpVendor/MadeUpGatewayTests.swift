internal import Foundation
internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseVerification
internal import HTTPTypes
internal import Logging
internal import NIOPosix
import Testing

/// A whole gateway, given one more dialect than the product has, speaks it over real sockets.
@Suite struct MadeUpGatewayTests {
    @Test(.timeLimit(.minutes(1)))
    func theVendorsReceiverGetsItsMessageAndGetsItAgain() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "acme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let receiver = MadeUpServer()
        let gateway = try await gateway(in: folder)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await receiver.run() }
            tasks.addTask { try await gateway.run() }
            defer { tasks.cancelAll() }
            let port = try #require(await receiver.boundPort())
            let address = try #require(await gateway.boundAddress())
            let api = API(base: "http://\(address.host):\(address.port)")
            let secret = try await subscribe("http://127.0.0.1:\(port)/in", over: api)
            #expect(try await api.post("/v1/events", Self.passage).status == 202)
            try await expectTwoTries(of: receiver, secret: secret)
            await gateway.stop()
            await receiver.stop()
            try await tasks.waitForAll()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theProductDoesNotSpeakIt() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "acme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let gateway = try await gateway(in: folder, dialects: Dialects.all)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await gateway.run() }
            defer { tasks.cancelAll() }
            let address = try #require(await gateway.boundAddress())
            let api = API(base: "http://\(address.host):\(address.port)")
            _ = try await api.post("/v1/organizations", ["id": "acme", "name": "Acme"])
            let answer = try await api.post("/v1/subscriptions", Self.subscription(to: "http://127.0.0.1:9/"))
            #expect(answer.status == 422)
            #expect(answer.json["field"] == "dialect")
            #expect(answer.text.contains("It speaks: standard"))
            await gateway.stop()
            try await tasks.waitForAll()
        }
    }

    private func gateway(in folder: URL, dialects: [any Dialect] = Dialects.all + [MadeUpDialect()]) async throws
        -> Gateway
    {
        var settings = GatewaySettings()
        settings.store = "sqlite:\(folder.appending(path: "gatehouse.db").path)"
        settings.server.port = 0
        settings.allowedTargets = [try AddressRange("127.0.0.0/8")]
        settings.adminKey = Secret(API.key)
        let telling = Gateway.Telling(
            logger: Logger(label: "made-up") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusMetrics())
        return try await Gateway.build(settings, dialects: dialects, telling: telling)
    }

    private func subscribe(_ url: String, over api: API) async throws -> Secret {
        for (path, body): (String, JSON) in [
            ("/v1/organizations", ["id": "acme", "name": "Acme"]),
            ("/v1/panels", ["id": "1070000", "organization": "acme", "name": "Hall"]),
            ("/v1/doors", ["id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby"]),
        ] {
            let answer = try await api.post(path, body)
            #expect(answer.status == 201, "\(path): \(answer.text)")
        }
        let answer = try await api.post("/v1/subscriptions", Self.subscription(to: url))
        #expect(answer.status == 201, "\(answer.text)")
        return Secret(try #require(answer.json["secret"]?.text))
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

/// Calls a gateway's native API with the admin key.
private struct API {
    static let key = "gk_" + String(repeating: "k", count: 43)
    let base: String

    struct Answer {
        let status: Int
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSON { (try? JSONParser.parse(body)) ?? .null }
    }

    func post(_ path: String, _ body: JSON) async throws -> Answer {
        let loopback = EgressGuard(allowed: [try AddressRange("127.0.0.0/8")])
        let pool = ConnectionPool(group: .singleton, egress: loopback, resolver: SystemResolver())
        let headers: HTTPFields = [.authorization: "Bearer \(Self.key)", .contentType: "application/json"]
        let url = try #require(TargetURL(base + path))
        let request = PreparedRequest(method: .post, url: url, headers: headers, body: body.bytes)
        let answer = try await pool.exchange(request, timeout: .seconds(10), answerBytes: 1 << 20)
        await pool.shutdown()
        return Answer(status: answer.status, body: answer.body)
    }
}
