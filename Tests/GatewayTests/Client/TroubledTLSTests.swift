internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization
import Testing

@testable internal import GatehouseClient
@testable internal import gatehouse

/// The error of a call if TLS fails: permanent or temporary, and whether the request may have had an effect.
@Suite(.timeLimit(.minutes(1))) struct TroubledTLSTests {
    /// How often a call was repeated.
    private final class Pauses: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }

        func note() { number.withLock { $0 += 1 } }
    }

    private func client(
        _ server: TroubledServer, _ pauses: Pauses, scheme: String = "https"
    ) throws -> APIClient {
        var settings = APIClient.Settings()
        settings.trust = .insecure
        return try APIClient(
            url: "\(scheme)://127.0.0.1:\(server.port)", key: "gk_a_b", settings: settings,
            pauses: .init(sleep: { _ in pauses.note() }, chance: { 0 }))
    }

    private static let tooOld: [UInt8] = [21, 3, 3, 0, 2, 2, 70]

    /// A gateway beyond its bounds behaves like this, and so does a proxy while its gateway restarts.
    @Test(arguments: [[], [22, 3, 3, 0, 40, 2, 0, 0, 36, 3, 3]] as [[UInt8]])
    func endedConnectionIsTriedAgain(said: [UInt8]) async throws {
        try await TroubledServer.with([.says(said)]) { server in
            let pauses = Pauses()
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server, pauses).keys.create(.init("k", role: .source, organization: "o"))
            }
            guard case .unreachable(let sentence) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(sentence.contains("closed the connection") && pauses.count == 3, "\(sentence)")
        }
        // The first try, the search for its cause, and the try that is answered.
        try await TroubledServer.with([.says(said), .says(said), .answers]) { server in
            let answer = try await client(server, Pauses()).send(.init(.get, "/livez"))
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        tooOld, [21, 3, 3, 0, 2, 2, 40], [21, 3, 3, 0, 2, 2, 116], [22, 3, 1, 0, 40, 2, 0, 0, 36, 3, 2],
        Array("SSH-2.0-OpenSSH_9.9\r\n".utf8), Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
    ])
    func refusalByThePeerIsFinal(said: [UInt8]) async throws {
        try await TroubledServer.with([.says(said)]) { server in
            let pauses = Pauses()
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server, pauses).send(.init(.get, "/livez"))
            }
            guard case .untrusted = error else { Issue.record("\(String(describing: error))"); return }
            #expect(pauses.count == 0)
        }
    }

    /// A sent request may have been accepted: the finding of another connection does not change that.
    @Test func sentRequestMayHaveBeenAccepted() async throws {
        try await TroubledServer.with([.hangsUp, .says(Self.tooOld)]) { server in
            let pauses = Pauses()
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server, pauses).keys.create(.init("k", role: .source, organization: "o"))
            }
            guard case .unanswered(let sentence) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(sentence.contains("too old") && pauses.count == 0, "\(sentence)")
        }
        // Only the second try certainly had no effect.
        try await TroubledServer.with([.hangsUp, .hangsUp, .says(Self.tooOld)]) { server in
            let pauses = Pauses()
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server, pauses).events.post(.init("door.opened", source: "/panels/7"))
            }
            guard case .unanswered = error else { Issue.record("\(String(describing: error))"); return }
            #expect(pauses.count == 1)
        }
    }

    @Test func plainHTTPToTLSIsReportedAsUncertain() async throws {
        try await TroubledServer.with([.hangsUp]) { server in
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server, Pauses(), scheme: "http").send(.init(.get, "/livez"))
            }
            guard case .unreadable(let sentence) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(sentence.contains("set https in its address"), "\(sentence)")
        }
    }
}

/// A server on this machine that treats each connection as its script says.
private final class TroubledServer: Sendable {
    /// Its action when bytes have come.
    enum Act: Sendable {
        /// Writes these bytes and closes the connection, without TLS.
        case says([UInt8])
        /// Uses TLS, and closes the connection when a request has come.
        case hangsUp
        /// Uses TLS and answers.
        case answers
    }

    private let channel: any Channel
    let port: Int

    private init(_ acts: [Act]) async throws {
        let context = try NIOSSLContext(configuration: SelfSignedIdentity(host: "localhost").configuration)
        let count = Atomic(0)
        let place: @Sendable () -> Int = { count.add(1, ordering: .relaxed).oldValue }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    switch acts[min(place(), acts.count - 1)] {
                    case .says(let bytes):
                        try pipeline.addHandler(Speaker(bytes, closes: true))
                    case .hangsUp:
                        try pipeline.addHandlers(NIOSSLServerHandler(context: context), Speaker([], closes: true))
                    case .answers:
                        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)
                        try pipeline.addHandlers(NIOSSLServerHandler(context: context), Speaker(answer, closes: false))
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Applies these to the connections in turn, and repeats the last one, during the test.
    static func with(_ acts: [Act], _ test: (TroubledServer) async throws -> Void) async throws {
        let server = try await TroubledServer(acts)
        do {
            try await test(server)
        } catch {
            try? await server.channel.close()
            throw error
        }
        try await server.channel.close()
    }

    /// Writes when bytes have come.
    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let bytes: [UInt8]
        private let closes: Bool

        init(_ bytes: [UInt8], closes: Bool) {
            self.bytes = bytes
            self.closes = closes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            if closes { context.close(promise: nil) }
        }
    }
}
