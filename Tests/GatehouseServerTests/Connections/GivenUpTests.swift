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

    /// Places that belong to no server, and connections that are all one unused channel.
    private struct Bench {
        let places = ConnectionPlaces()
        let channel: any Channel

        init() async throws {
            channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: 0).get()
        }

        /// Whether the connection is accepted.
        func open(within bound: Int, _ state: (InboundConnection) -> Void = { _ in }) -> Bool {
            guard case .open = verdict(from: nil, .init(all: bound, perAddress: bound), state) else { return false }
            return true
        }

        func verdict(
            from address: String?, _ bounds: ConnectionPlaces.Bounds, _ state: (InboundConnection) -> Void = { _ in }
        ) -> ConnectionPlaces.Verdict {
            let connection = InboundConnection(channel, in: places)
            state(connection)
            let peer = PeerAddress(address.flatMap { try? SocketAddress(ipAddress: $0, port: 80) })
            return places.open(connection, from: peer, within: bounds, at: GivenUpTests.now)
        }
    }

    private static func word(_ verdict: ConnectionPlaces.Verdict) -> String {
        switch verdict {
        case .open: "open"
        case .reserved(_, let bound, _): "reserved by \(bound)"
        case .refused: "refused"
        }
    }

    @Test(arguments: [
        (true, false, false, true), (false, true, false, true), (false, false, true, true),
        (false, false, false, false),
    ])
    func idleConnectionIsClosed(
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

    /// Only this many are checked each time, but not always the same ones.
    @Test func closableConnectionIsFoundBehindManyOthers() async throws {
        let bench = try await Bench()
        let (busy, bound) = (1000, 1001)
        for _ in 1...busy { _ = bench.open(within: bound) { $0.isWaiting = false } }
        _ = bench.open(within: bound)
        let tries = 1 + (1...8).prefix { _ in !bench.open(within: bound) { $0.isWaiting = false } }.count
        #expect(tries <= 5, "it was found at try \(tries)")
        #expect(bench.places.figures.givenUp == 1)
        try? await bench.channel.close()
    }

    /// A caller with many connections from one address blocks no other caller, there or elsewhere.
    @Test func addressAtItsBoundLosesItsOwnConnection() async throws {
        let bench = try await Bench()
        let (one, other) = ("192.0.2.1", "192.0.2.2")
        let bounds = ConnectionPlaces.Bounds(all: 4, perAddress: 2)
        let actions: [(address: String?, isWaiting: Bool, word: String, givenUp: Int)] = [
            (other, true, "open", 0), (one, false, "open", 0), (one, true, "open", 0),
            // The second of its own is closed, and not the older one of the other address.
            (one, false, "open", 1),
            // Now requests are running on all of its own.
            (one, true, "reserved by address", 1), (one, true, "reserved by address", 1),
            // There are four in all, because none was closed: the one of the other address is closed for the new one.
            (nil, false, "open", 2), (nil, false, "reserved by all", 2), (other, false, "reserved by all", 2),
        ]
        for (number, action) in actions.enumerated() {
            let verdict = bench.verdict(from: action.address, bounds) { $0.isWaiting = action.isWaiting }
            #expect(Self.word(verdict) == action.word, "\(number)")
            #expect(bench.places.figures.givenUp == action.givenUp, "\(number)")
        }
        #expect(bench.places.figures.refused == [.address: 2, .all: 2])
        try? await bench.channel.close()
    }

    @Test func oldestConnectionOfTheFullReserveIsClosed() async throws {
        let bench = try await Bench()
        let none = ConnectionPlaces.Bounds(all: 0, perAddress: 0)
        for number in 1...ConnectionPlaces.reserve + 3 {
            #expect(Self.word(bench.verdict(from: "192.0.2.1", none)) == "reserved by address")
            #expect(bench.places.figures.givenUp == max(0, number - ConnectionPlaces.reserve))
        }
        let busy = try await Bench()
        var places: [ConnectionPlaces.Place] = []
        for _ in 1...ConnectionPlaces.reserve {
            let verdict = busy.verdict(from: nil, none) { $0.isWaiting = false }
            if case .reserved(let place, _, _) = verdict { places.append(place) }
        }
        #expect(Self.word(busy.verdict(from: nil, none)) == "refused")
        #expect(busy.places.figures.refused == [.all: ConnectionPlaces.reserve, .reserve: 1])
        for place in places { busy.places.close(place) }
        #expect(busy.places.figures.reserved == 0 && busy.places.figures.open == 0)
        #expect(Self.word(busy.verdict(from: nil, none)) == "reserved by all")
        for one in [bench, busy] { try? await one.channel.close() }
    }

    /// A queue returns its oldest entry first, also after removals from its beginning, its middle and its end.
    @Test func connectionLineKeepsItsOrder() async throws {
        let bench = try await Bench()
        let connections = (1...6).map { number in
            let connection = InboundConnection(bench.channel, in: bench.places)
            connection.serial = UInt64(number)
            return connection
        }
        var line = ConnectionLine()
        for connection in connections { line.append(connection) }
        for place in [0, 3, 5, 5] { line.remove(connections[place]) }
        connections[1].isWaiting = false
        line.append(connections[0])
        var order: [UInt64] = []
        while let next = line.firstToGiveUp() {
            order.append(next.serial)
            line.remove(next)
        }
        #expect(order == [3, 5, 1] && !line.isEmpty)
        line.remove(connections[1])
        #expect(line.isEmpty && line.firstToGiveUp() == nil)
        try? await bench.channel.close()
    }

    /// A probe gets its answer over TLS as well, and every other caller learns the bound that it reached.
    @Test func probeOverTLSIsAnsweredBeyondTheBound() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.makeIdentity(in: folder)
        var settings = ServerSettings()
        settings.port = 0
        settings.connections = 0
        settings.identity = ServerIdentity(
            certificate: folder.appending(path: "own.pem").path, key: folder.appending(path: "own.key").path)
        let server = try await TestServer(settings: settings)
        try await server.live { port in
            for (path, status) in [("/readyz", "200"), ("/v1/kinds", "503")] {
                let answer = try await Self.ask(port, "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
            }
        }
        #expect(server.connections.figures.reserved == 0)
    }

    private static func ask(_ port: Int, _ text: String) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let tls = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer: [UInt8] = []
            do {
                for try await buffer in inbound { answer += buffer.readableBytesView }
            } catch NIOSSLError.uncleanShutdown {
                // An answer that came before counts.
            }
            return String(decoding: answer, as: UTF8.self)
        }
    }

    /// Over TLS a close sends close-notify and waits five seconds for the answer: these callers never answer.
    @Test func placeIsFreeAtOnceOverTLS() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.makeIdentity(in: folder)
        var settings = ServerSettings()
        settings.port = 0
        settings.connections = 2
        settings.identity = ServerIdentity(
            certificate: folder.appending(path: "own.pem").path, key: folder.appending(path: "own.key").path)
        let server = try await TestServer(settings: settings)
        try await server.live { port in
            var held: [any Channel] = []
            for number in 1...24 {
                let channel = try await Self.connect(port)
                held.append(channel)
                try await channel.writeAndFlush(ByteBuffer(string: "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
                let counted = #"gatehouse_http_requests_total{method="GET",route="/livez",status="2xx"} \#(number)\#n"#
                await until { server.parts.metrics.text().contains(counted) }
                try await channel.setOption(ChannelOptions.autoRead, value: false).get()
                await until { server.connections.figures.open <= 2 }
            }
            #expect(server.connections.figures.givenUp == 22)
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
