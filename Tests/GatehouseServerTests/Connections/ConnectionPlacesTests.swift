import GatehouseCore
import GatehouseTesting
import HTTPTypes
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseServer

/// The bound on connections, over a real port.
@Suite(.timeLimit(.minutes(1))) struct ConnectionPlacesTests {
    private static func server(_ change: (inout ServerSettings) -> Void) async throws -> TestServer {
        var settings = ServerSettings()
        settings.port = 0
        change(&settings)
        return try await TestServer(settings: settings)
    }

    /// A connection that a test holds open.
    private struct Held {
        let channel: any Channel

        init(_ port: Int) async throws {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
        }

        func say(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
        func close() async throws { try await channel.close() }
        func ended() async throws { try await channel.closeFuture.get() }
    }

    private static func ask(_ path: String, key: String? = nil, closing: Bool = true) -> [UInt8] {
        var lines = ["GET \(path) HTTP/1.1", "Host: x"]
        if let key { lines.append("Authorization: Bearer \(key)") }
        if closing { lines.append("Connection: close") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    @Test func callerIsAcceptedAlthoughConnectionsWithoutAKeyHoldAllPlaces() async throws {
        let server = try await Self.server { $0.connections = 3 }
        try await server.live { port in
            var held: [Held] = []
            for number in 1...3 {
                held.append(try await Held(port))
                await until { server.connections.figures.open == number }
            }
            #expect(try await server.get("/readyz", nil).text.contains("bounds.connections"))
            // One of them sends half a body: the server waits for its caller as for the silent ones.
            try await held[0].say("POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            let answer = try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin)])
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            try await held[0].ended()
            #expect(server.connections.figures.givenUp == 1)
            let lines = server.log.lines.filter { $0.text == "connections without a key were closed for others" }
            #expect(lines.count == 1, "\(server.log.lines)")
            #expect(held[1].channel.isActive && held[2].channel.isActive, "the oldest goes, and no other")
            for one in held.dropFirst() { try await one.close() }
        }
        #expect(server.connections.figures.open == 0)
    }

    @Test func connectionWithAProvedKeyIsNotClosedForOthers() async throws {
        let server = try await Self.server { $0.connections = 2 }
        try await server.live { port in
            let held = [try await Held(port), try await Held(port)]
            for one in held {
                try await one.say(
                    String(decoding: Self.ask("/v1/kinds", key: TestServer.admin, closing: false), as: UTF8.self))
            }
            let counted = #"gatehouse_http_requests_total{method="GET",route="/v1/kinds",status="2xx"} 2"#
            await until { server.parts.metrics.text().contains(counted) }
            let answers = [
                try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin)]),
                try await exchange(port, [Self.ask("/livez/more")]),
            ]
            for answer in answers {
                #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("/problems/many-connections"))
                #expect(answer.lowercased().contains("retry-after: 5") && answer.contains("connection: close"))
                #expect(answer.contains("bounds.connections allows no more"))
            }
            #expect(held.allSatisfy { $0.channel.isActive })
            #expect(server.connections.figures.refused[.all] == 2)
            let lines = server.log.lines.filter { $0.text == "connections were refused" }
            #expect(lines.count == 1, "one line in ten seconds, for any number: \(lines)")
            let metrics = try await server.get("/metrics").text
            #expect(metrics.contains("gatehouse_connections 2\n"))
            #expect(metrics.contains("gatehouse_connections_bound 2\n"))
            #expect(metrics.contains("gatehouse_connections_refused_total{bound=\"all\"} 2\n"))
            for one in held { try await one.close() }
            await until { server.connections.figures.open == 0 }
            #expect(try await exchange(port, [Self.ask("/livez")]).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func heldAnswerBlocksNoOtherCaller() async throws {
        var settings = ServerSettings()
        settings.port = 0
        settings.connections = 2
        let clock = ManualClock()
        let server = try await TestServer(settings: settings, clock: clock, holdingBack: GuessSettings())
        try await server.live { port in
            // The first wrong credential of an address is answered at once.
            #expect(try await exchange(port, [Self.ask("/v1/kinds", key: "wrong")]).hasPrefix("HTTP/1.1 401"))
            await until { server.connections.figures.open == 0 }
            var held: [Held] = []
            for number in 1...2 {
                held.append(try await Held(port))
                let wrong = Self.ask("/v1/kinds", key: "wrong", closing: false)
                try await held[number - 1].say(String(decoding: wrong, as: UTF8.self))
                await until { clock.sleepers == number }
            }
            let answer = try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin)])
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
            try await held[0].ended()
            #expect(server.connections.figures.givenUp == 1)
            server.parts.failedProofs.close()
            try await held[1].close()
        }
    }

    /// Callers that send request after request, and read no answer.
    @Test func unreadAnswerBlocksNoOtherCaller() async throws {
        let server = try await Self.server {
            $0.connections = 2
            $0.idleTimeout = .seconds(600)
        }
        try await server.live { port in
            var held: [any Channel] = []
            for _ in 1...2 {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelOption(ChannelOptions.autoRead, value: false)
                    .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 4096)
                    .connect(host: "127.0.0.1", port: port).get()
                let ask = String(decoding: Self.ask("/v1/kinds", closing: false), as: UTF8.self)
                channel.writeAndFlush(ByteBuffer(string: String(repeating: ask, count: 100_000)), promise: nil)
                held.append(channel)
            }
            var answer = ""
            while !answer.hasPrefix("HTTP/1.1 200") {
                answer = try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin)])
            }
            for channel in held { try? await channel.close() }
        }
        #expect(server.connections.figures.open == 0)
    }

    /// Connections of one caller without a key block no other caller of the same address.
    @Test func oldestConnectionWithoutAKeyOfAnAddressIsClosed() async throws {
        let server = try await Self.server { $0.connectionsPerAddress = 2 }
        try await server.live { port in
            var held: [Held] = []
            for number in 1...2 {
                held.append(try await Held(port))
                await until { server.connections.figures.open == number }
            }
            let answer = try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin)])
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
            try await held[0].ended()
            #expect(server.connections.figures.givenUp == 1 && server.connections.figures.refused.isEmpty)
            #expect(held[1].channel.isActive, "the oldest goes, and no other")
            try await held[1].close()
        }
    }

    /// A bound that two connections reach.
    struct Bound: Sendable {
        let name: String
        let label: String
        let set: @Sendable (inout ServerSettings) -> Void
    }

    private static let bounds = [
        Bound(name: "bounds.connections", label: "all") { $0.connections = 2 },
        Bound(name: "bounds.connectionsPerAddress", label: "address") { $0.connectionsPerAddress = 2 },
    ]

    @Test(arguments: bounds)
    func probeIsAnsweredBeyondEachBoundAndOthersLearnTheBound(bound: Bound) async throws {
        let server = try await Self.server(bound.set)
        try await server.live { port in
            let held = [try await Held(port), try await Held(port)]
            let ask = String(decoding: Self.ask("/v1/kinds", key: TestServer.admin, closing: false), as: UTF8.self)
            for one in held { try await one.say(ask) }
            let counted = #"gatehouse_http_requests_total{method="GET",route="/v1/kinds",status="2xx"} 2"#
            await until { server.parts.metrics.text().contains(counted) }
            // More connections, one after the other, than the reserve has places: each frees its own.
            for _ in 1...8 {
                for path in ["/livez", "/readyz", "/readyz?verbose", "/metrics"] {
                    let answer = try await exchange(port, [Self.ask(path, key: TestServer.admin, closing: false)])
                    #expect(answer.hasPrefix("HTTP/1.1 200"), "\(path): \(answer)")
                    #expect(answer.lowercased().contains("connection: close"))
                }
            }
            let refused = try await exchange(port, [Self.ask("/v1/kinds", key: TestServer.admin, closing: false)])
            #expect(refused.hasPrefix("HTTP/1.1 503") && refused.contains("/problems/many-connections"), "\(refused)")
            #expect(refused.contains("\(bound.name) allows no more"))
            let posted = try await exchange(
                port, [Array("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8)])
            #expect(posted.hasPrefix("HTTP/1.1 503"), "no probe has a body: \(posted)")
            let line = server.log.lines.first { $0.text == "connections were refused" }
            #expect(line.map { "\($0)" }?.contains(bound.name) == true, "\(server.log.lines)")
            let metrics = try await server.get("/metrics").text
            #expect(metrics.contains("gatehouse_connections_refused_total{bound=\"\(bound.label)\"} 34\n"))
            #expect(metrics.contains("gatehouse_connections 2\n"))
            #expect(held.allSatisfy { $0.channel.isActive })
            for one in held { try await one.close() }
        }
        #expect(server.connections.figures.reserved == 0)
    }

    /// A silent caller above the bound has a place in the reserve only for a moment.
    @Test func silentCallerBeyondTheBoundLearnsTheReason() async throws {
        let server = try await Self.server {
            $0.connections = 0
            $0.headTimeout = .milliseconds(50)
        }
        let answer = try await server.live { port in try await exchange(port, []) }
        #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("bounds.connections allows no more"), "\(answer)")
    }

    @Test func probePathsAreThoseOfTheRoutes() {
        for path in Probes.paths {
            #expect(Routes.built.contains { $0.method == .get && $0.pattern == path }, "\(path)")
        }
    }

    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("::ffff:10.0.0.1", "10.0.0.1", true),
        ("2001:db8::1", "2001:db8::ffff:2", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("::1", "127.0.0.1", false),
    ])
    func addressIsCountedByTheNetworkOfOneCustomer(one: String, other: String, areEqual: Bool) throws {
        let addresses = try [one, other].map { PeerAddress(try SocketAddress(ipAddress: $0, port: 80)) }
        #expect((addresses[0] == addresses[1]) == areEqual && addresses[0] != nil)
        #expect(PeerAddress(try SocketAddress(ipAddress: one, port: 1)) == addresses[0])
    }
}
