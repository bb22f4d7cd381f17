import Foundation
import GatehouseCore
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import GatehouseServer

/// Which connection is closed for another, and how.
@Suite(.timeLimit(.minutes(1))) struct GivenUpTests {
    private static let now = Instant(seconds: 1_773_216_930)

    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    /// Places that belong to no server, and connections that are all one channel, which nothing goes over.
    private struct Bench {
        let places = ConnectionPlaces()
        let channel: any Channel

        init() async throws {
            channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: 0).get()
        }

        /// Whether the connection is let in.
        func open(within bound: Int, _ state: (InboundConnection) -> Void = { _ in }) -> Bool {
            let connection = InboundConnection(channel, in: places)
            state(connection)
            let bounds = ConnectionPlaces.Bounds(all: bound, perAddress: bound)
            switch places.open(connection, from: nil, within: bounds, at: GivenUpTests.now) {
            case .open: return true
            case .refused: return false
            }
        }
    }

    @Test(arguments: [
        (true, false, false, true), (false, true, false, true), (false, false, true, true),
        (false, false, false, false),
    ])
    func whatTheGatewayDoesNoWorkForGoes(
        isWaiting: Bool, isHeldBack: Bool, isLeftStanding: Bool, isGivenUp: Bool
    ) async throws {
        let bench = try await Bench()
        _ = bench.open(within: 1) {
            $0.isWaiting = isWaiting
            $0.isHeldBack = isHeldBack
            $0.isLeftStanding = isLeftStanding
        }
        #expect(bench.open(within: 1) == isGivenUp)
        #expect(bench.places.figures.givenUp == (isGivenUp ? 1 : 0))
        try? await bench.channel.close()
    }

    /// Only so many are looked at each time, but not always the same ones.
    @Test func theOneThatCanGoIsFoundBehindManyThatCannot() async throws {
        let bench = try await Bench()
        let (busy, bound) = (1000, 1001)
        for _ in 1...busy { _ = bench.open(within: bound) { $0.isWaiting = false } }
        _ = bench.open(within: bound)
        let tries = 1 + (1...8).prefix { _ in !bench.open(within: bound) { $0.isWaiting = false } }.count
        #expect(tries <= 5, "it was found at try \(tries)")
        #expect(bench.places.figures.givenUp == 1)
        try? await bench.channel.close()
    }

    /// Over TLS a close asks the caller to take its leave, and waits five seconds for it: these callers never do.
    @Test func overTLSAPlaceIsFreeAtOnce() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.makeIdentity(in: folder)
        var settings = ServerSettings()
        settings.port = 0
        settings.connections = 2
        settings.identity = ServerIdentity(
            certificate: folder.appending(path: "own.pem").path, key: folder.appending(path: "own.key").path)
        let house = try await House(settings: settings)
        try await house.live { port in
            var held: [any Channel] = []
            for number in 1...24 {
                let channel = try await Self.connect(port)
                held.append(channel)
                try await channel.writeAndFlush(ByteBuffer(string: "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
                let counted = #"gatehouse_http_requests_total{method="GET",route="/livez",status="2xx"} \#(number)\#n"#
                await until { house.parts.metrics.text().contains(counted) }
                try await channel.setOption(ChannelOptions.autoRead, value: false).get()
                await until { house.parts.connections.figures.open <= 2 }
            }
            #expect(house.parts.connections.figures.givenUp == 22)
            for channel in held { channel.close(promise: nil) }
        }
    }

    private static func connect(_ port: Int) async throws -> any Channel {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let tls = try NIOSSLContext(configuration: configuration)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    private static func makeIdentity(in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["openssl"]
            + "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout own.key -out own.pem -days 2"
            .split(separator: " ").map(String.init) + ["-subj", "/CN=localhost"]
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl made no certificate")
    }
}
