import GatehouseCore
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseServer

/// Tests the server, over a real port, with ``HTTPObligation``.
@Suite(.timeLimit(.minutes(2))) struct HTTPObligationsTests {
    private static func settings(_ change: (inout ServerSettings) -> Void = { _ in }) -> ServerSettings {
        var settings = ServerSettings()
        settings.port = 0
        settings.batchBytes = 100_000
        change(&settings)
        return settings
    }

    /// A request whose answer shows that the connection was kept, and ends it.
    private static let probe = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test func exchangeHasTheRequiredStatusesAndEnd() async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            for obligation in HTTPObligation.all {
                let isKept = obligation.end == .kept
                let bytes = obligation.bytes + (isKept ? Self.probe : "")
                let answer = try await exchange(port, [Array(bytes.utf8)], closesWriting: obligation.closesWriting)
                let statuses = answer.matches(of: #/HTTP/1\.[01] (\d{3}) /#).compactMap { Int($0.1) }
                #expect(
                    statuses == obligation.statuses + (isKept ? [200] : []),
                    "\(obligation.clause), \(obligation.name): \(answer.prefix(600))")
                #expect(obligation.clause.hasPrefix("RFC "), "\(obligation.name)")
                if obligation.statuses == [400] {
                    #expect(answer.contains("/problems/malformed"), "\(obligation.name)")
                }
                if statuses.contains(405) { #expect(answer.contains("\r\nAllow: "), "\(obligation.name)") }
                if statuses.contains(415) { #expect(answer.contains("Accept-Encoding: gzip"), "\(obligation.name)") }
            }
        }
        #expect(server.connections.figures.open == 0, "every place is given back")
        #expect(server.bodies.bytes == 0)
    }

    /// Before a head was read, a refusal cannot have a vendor's form.
    @Test(arguments: [
        ("Host: x\r\nContent-Length: 1, 2", false), ("Host: x\r\nX: " + String(repeating: "x", count: 200_000), false),
        ("Host: x\r\nExpect: a-miracle", true), ("Host: a b", true), ("X: y", true),
        ("Host: x\r\nTransfer-Encoding: gzip", true),
    ])
    func refusalByTheConnectionHasTheFormOfThePath(fields: String, isHeadRead: Bool) async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            for path in ["/v1/doors", "/plain/acme/wishes", "/plain/nowhere"] {
                let bytes = "POST \(path) HTTP/1.1\r\n\(fields)\r\n\r\n"
                let answer = try await exchange(port, [Array(bytes.utf8)])
                let isVendors = isHeadRead && path.hasPrefix("/plain")
                let shape = isVendors ? "\r\ncontent-type: application/json\r\n" : "application/problem+json"
                #expect(answer.lowercased().contains(shape), "\(path): \(answer.prefix(600))")
                #expect(answer.contains(#""fields":["#) == isVendors, "\(path)")
                #expect(answer.contains("connection: close"), "\(path): \(answer.prefix(600))")
            }
        }
    }

    /// Slow requests, with the expected result: the pieces are sent, and then nothing more.
    @Test(arguments: [
        ("", "408"), ("GET /livez HT", "408"), ("GET /livez HTTP/1.1\r\nHost: x\r\n", "408"),
    ])
    func headHasALimitedTime(bytes: String, status: String) async throws {
        let server = try await TestServer(settings: Self.settings { $0.headTimeout = .milliseconds(100) })
        let answer = try await server.live { port in try await exchange(port, [Array(bytes.utf8)]) }
        #expect(answer.hasPrefix("HTTP/1.1 \(status)") && answer.contains("/problems/slow-request"))
        #expect(answer.contains("connection: close"))
    }

    @Test func keptConnectionHasItsOwnTime() async throws {
        let server = try await TestServer(
            settings: Self.settings {
                $0.headTimeout = .seconds(2)
                $0.idleTimeout = .seconds(4)
            })
        let answer = try await server.live { port in
            try await exchange(port, [Array("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 200") && !answer.contains("408"))
    }

    /// A caller that requests more than its socket holds, and reads none of it.
    @Test func unreadAnswersEndTheConnection() async throws {
        let server = try await TestServer(settings: Self.settings { $0.idleTimeout = .milliseconds(300) })
        try await server.live { port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(ChannelOptions.autoRead, value: false)
                .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 4096)
                .connect(host: "127.0.0.1", port: port).get()
            let ask = "GET /openapi.json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(TestServer.admin)\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: String(repeating: ask, count: 200)))
            let counted = #"gatehouse_http_refused_total{reason="slow-reader"} 1"#
            while !server.parts.metrics.text().contains(counted) { await Task.yield() }
            while server.connections.figures.open > 0 { await Task.yield() }
            try? await channel.close()
        }
    }
}
