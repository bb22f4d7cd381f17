import GatehouseControl
import GatehouseCore
import GatehouseTesting
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseServer

/// A request that waits for events may have a body, which has no meaning: the server still notices that the caller
/// left.
@Suite(.timeLimit(.minutes(1))) struct BodiedWaitTests {
    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    @Test(arguments: [("/v1/events?wait=60s", WaitLimiter.WaitMethod.poll), ("/v1/events/stream", .stream)])
    func callersEndIsNoticedBehindABodyInPieces(path: String, method: WaitLimiter.WaitMethod) async throws {
        var settings = ServerSettings()
        settings.port = 0
        let server = try await TestServer(settings: settings, clock: ManualClock())
        try await server.live { port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            let head = [
                "GET \(path) HTTP/1.1", "Host: x", "Authorization: Bearer \(TestServer.admin)",
                "Transfer-Encoding: chunked",
            ]
            let chunks = String(repeating: "1\r\nx\r\n", count: 12) + "0\r\n\r\n"
            try await channel.writeAndFlush(
                ByteBuffer(string: head.joined(separator: "\r\n") + "\r\n\r\n" + chunks))
            await until { server.places.count(method) == 1 && server.parts.commitSignal.waiting > 0 }
            try await channel.close()
            await until { server.places.count(method) == 0 }
        }
        #expect(server.connections.figures.open == 0 && server.bodies.bytes == 0)
    }

    @Test func missingBodyEndsTheRequest() async throws {
        var settings = ServerSettings()
        settings.port = 0
        settings.bodyStretch = .milliseconds(50)
        let server = try await TestServer(settings: settings, clock: ManualClock())
        let answer = try await server.live { port in
            let head = ["GET /v1/events?wait=60s HTTP/1.1", "Host: x", "Authorization: Bearer \(TestServer.admin)"]
            let bytes = (head + ["Content-Length: 5"]).joined(separator: "\r\n") + "\r\n\r\nx"
            return try await exchange(port, [Array(bytes.utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
        #expect(server.places.count(.poll) == 0 && server.connections.figures.open == 0)
    }
}
