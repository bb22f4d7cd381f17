internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import GatehouseServer

/// Every place that takes a credential delays the answer to a wrong one, counts it and records it: every route of every
/// interface, over real sockets.
@Suite(.timeLimit(.minutes(3))) struct EveryInterfaceTests {
    private static let proxies = ["127.0.0.0/8"]

    private func with(
        _ clock: ManualClock, _ change: (inout GatewaySettings) -> Void = { _ in },
        _ test: (LiveGateway.Client) async throws -> Void
    ) async throws {
        let ranges = try Self.proxies.map { try AddressRange($0) }
        try await LiveGateway.with(
            Dialects.all,
            { settings in
                settings.clock = clock
                settings.trustedProxies = ranges
                settings.server.guesses = GuessSettings()
                change(&settings)
            }, test)
    }

    private func present(
        _ way: PresentedWay, from address: String, _ gateway: LiveGateway.Client
    ) async throws -> LiveGateway.Client.Answer {
        var headers = way.headers
        headers[try #require(HTTPField.Name("x-forwarded-for"))] = address
        return try await gateway.send(way.method, way.path, key: nil, headers: headers, body: way.body)
    }

    /// A series of the metrics page, requested with the right key from the address whose failures are held back.
    private func series(_ name: String, from address: String, _ gateway: LiveGateway.Client) async throws -> Int {
        let headers: HTTPFields = [try #require(HTTPField.Name("x-forwarded-for")): address]
        let page = try await gateway.send(.get, "/metrics", headers: headers)
        try #require(page.status == 200, "what is right is answered at once")
        let line = page.text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
    }

    @Test func everyWrongCredentialIsDelayedCountedAndAudited() async throws {
        let ways = try PresentedWay.all()
        let clock = ManualClock()
        try await with(clock, { $0.server.guesses.auditLines = 10_000 }) { gateway in
            for start in stride(from: 0, to: ways.count, by: 20) {
                let slice = (start..<min(start + 20, ways.count)).map { (ways[$0], "198.51.\($0 / 200).\($0 % 200)") }
                for (way, address) in slice {
                    let answer = try await present(way, from: address, gateway)
                    #expect(way.statuses.contains(answer.status), "\(way.method) \(way.path): \(answer.text)")
                }
                try await withThrowingTaskGroup(of: (PresentedWay, Int).self) { group in
                    for (way, address) in slice {
                        group.addTask { (way, try await present(way, from: address, gateway).status) }
                    }
                    while try await series("gatehouse_failed_proofs_waiting", from: slice[0].1, gateway) < slice.count {
                        await Task.yield()
                    }
                    clock.advance(by: .milliseconds(250))
                    for try await (way, status) in group {
                        #expect(way.statuses.contains(status), "\(way.method) \(way.path): \(status)")
                    }
                }
            }
            let counted = Dictionary(grouping: ways, by: \.interface).mapValues { $0.count * 2 }
            #expect(Set(counted.keys) == Set(ProofInterface.allCases), "an interface without a way to it")
            for (interface, count) in counted {
                let name = "gatehouse_failed_proofs_total{interface=\"\(interface.rawValue)\"}"
                #expect(try await series(name, from: "192.0.2.1", gateway) == count, "\(interface)")
                #expect(try await written(interface, gateway) == count, "\(interface)")
            }
        }
    }

    /// How often the audit records a wrong credential at an interface.
    private func written(_ interface: ProofInterface, _ gateway: LiveGateway.Client) async throws -> Int {
        var (sum, path) = (0, "/v1/audit?limit=500")
        while true {
            let page = try await gateway.get(path)
            try #require(page.status == 200, "\(page.text)")
            for line in page.json["items"]?.items ?? []
            where line["deed"] == "prove-failed" && line["id"]?.text == interface.rawValue {
                #expect(
                    line["key"] == JSON.null && line["clientInfo"]?["ipAddress"]?.text?.hasPrefix("198.51.") == true)
                sum += line["details"]?["count"]?.integer.map { Int($0) } ?? 0
            }
            guard let next = page.json["next"]?.text else { return sum }
            path = "/v1/audit?limit=500&cursor=\(next)"
        }
    }

    @Test func missingCredentialIsRefusedWithoutDelay() async throws {
        try await with(ManualClock()) { gateway in
            for way in try PresentedWay.all() where [.key, .bearer, .cookie].contains(way.interface) {
                let bare = PresentedWay(
                    method: way.method, path: way.path, headers: [:], body: [], interface: way.interface,
                    statuses: way.statuses)
                let answer = try await present(bare, from: "192.0.2.7", gateway)
                #expect(answer.status == 401, "\(way.method) \(way.path): \(answer.text)")
            }
            for interface in ProofInterface.allCases { #expect(try await written(interface, gateway) == 0) }
        }
    }

    @Test func shutdownWaitsForNoGuess() async throws {
        try await with(ManualClock()) { gateway in
            let guess: @Sendable () async throws -> Int = { try await gateway.get("/v1/doors", key: "wrong").status }
            #expect(try await guess() == 401)
            Task { _ = try? await guess() }
            while try await series("gatehouse_failed_proofs_waiting", from: "192.0.2.1", gateway) < 1 {
                await Task.yield()
            }
        }
    }

    // MARK: The key of the configuration

    /// Keys that operators may have chosen, each with a part that could be mistaken for its secret part.
    private static let chosen = [
        ("prod_gatehouse_admin_key_2026_x7", "x7"), ("gk_configuration_x7-and-some-more", "x7-and-some-more"),
        ("gk_0123456789abcdef_" + String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
        ("a-key-without-any-underscore", "a-key-without-any-underscor"), ("________________________", ""),
    ]

    @Test(arguments: chosen)
    func configuredKeyIsAcceptedOnlyWholeAndPlain(whole: String, part: String) async throws {
        try await with(ManualClock(), { $0.adminKey = Secret(whole) }) { gateway async throws in
            var from = 0
            func ask(_ way: PresentedWay) async throws -> Int {
                from += 1
                return try await present(way, from: "198.51.100.\(from)", gateway).status
            }
            for name in ["key_configuration", "key_0123456789abcdef", "configuration", ""] {
                for password in [whole, part] {
                    let md5 = BasIPGateway.md5(password)
                    for spelled in [md5, md5.uppercased(), password] {
                        let path = "/api/v1/login?username=\(name)&password=\(spelled)"
                        #expect(try await ask(.plain(.get, path)) == 400, "\(path)")
                    }
                    let isRight = name == "key_configuration" && password == whole
                    let body: JSON = ["userName": .string(name), "password": .string(password)]
                    #expect(try await ask(.plain(.put, "/api/login", body)) == (isRight ? 200 : 401), "\(body)")
                    #expect(try await ask(.client(name, password)) == (isRight ? 200 : 401), "\(name) \(password)")
                }
            }
            for path in ["/v1/organizations", "/api/webhooks"] {
                #expect(try await ask(.plain(.get, path, bearer: part)) == 401)
            }
            #expect(try await ask(.plain(.get, "/v1/organizations", bearer: whole)) == 200)
        }
    }

    /// Every login of every vendor, and the token route, accept the login name of a key.
    @Test func loginNameIsAcceptedByEveryLogin() async throws {
        try await with(ManualClock()) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let made = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "acme", "login": "admin"])
            let (id, key) = (try #require(made["id"]?.text), try #require(made["key"]?.text))
            for name in ["admin", id] {
                #expect(try await BasIPGateway.login(name, BasIPGateway.md5(key), gateway).status == 200)
                let body: JSON = ["userName": .string(name), "password": .string(key)]
                #expect(try await present(.plain(.put, "/api/login", body), from: "::1", gateway).status == 200)
                #expect(try await present(.client(name, key), from: "::1", gateway).status == 200)
            }
            #expect(try await BasIPGateway.login("other", BasIPGateway.md5(key), gateway).status == 400)
        }
    }
}
