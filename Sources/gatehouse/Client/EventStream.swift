import GatehouseCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A gateway's stream of events, over a connection of its own: the pool reads answers whole, and this one has no end.
struct EventStream: Sendable {
    /// How long the gateway may say nothing; it speaks every 15 s.
    static let silence = TimeAmount.seconds(60)
    /// How much is read of a refusal.
    private static let refusalBytes = 65_536

    /// The stream's address, its query included.
    let url: TargetURL
    /// The key to present.
    let key: Secret

    /// Why a stream broke off that may be taken up again.
    struct Broken: Error {
        /// What happened, for people.
        let sentence: String
        /// Whether the gateway had begun to answer.
        let wasOpen: Bool
        /// The id to go on behind.
        var lastID: String?
        /// After how many seconds to come again, where the gateway says so.
        var retryAfter: Int?
    }

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// Reads behind an id until the gateway ends the stream, or `take` wants no more.
    ///
    /// - Returns: the id to go on behind.
    /// - Throws: ``Broken`` where it may be taken up again, ``CommandFailure`` where the gateway refuses it.
    func read(after lastID: String?, _ take: (ServerSentEvents.Message) -> Bool) async throws -> String? {
        let connection: Connection
        do {
            connection = try await connect()
        } catch {
            throw Broken(
                sentence: "the gateway at \(url.hostHeader) does not answer", wasOpen: false, lastID: lastID)
        }
        var reading = Reading(lastID: lastID)
        do {
            return try await connection.executeThenClose { inbound, outbound in
                try await outbound.write(.head(request(after: lastID)))
                try await outbound.write(.end(nil))
                for try await part in inbound {
                    if case .end = part { break }
                    guard try reading.take(part, take) else { return reading.events.lastID }
                }
                try reading.end()
                return reading.events.lastID
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch let broken as Broken {
            throw broken
        } catch {
            throw Broken(
                sentence: "the connection broke off", wasOpen: reading.status == 200, lastID: reading.events.lastID)
        }
    }

    private func request(after lastID: String?) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.requestTarget)
        head.headers.add(name: "Host", value: url.hostHeader)
        head.headers.add(name: "Authorization", value: "Bearer \(key.revealed)")
        head.headers.add(name: "Accept", value: "text/event-stream")
        head.headers.add(name: "User-Agent", value: "Gatehouse/\(GatehouseVersion.text)")
        if let lastID { head.headers.add(name: "Last-Event-ID", value: lastID) }
        return head
    }

    private func connect() async throws -> Connection {
        let (host, isSecure) = (url.host, url.scheme == .https)
        let tls = isSecure ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(10))
            .connect(host: host, port: url.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host))
                    }
                    try pipeline.addHandlers(IdleStateHandler(readTimeout: Self.silence), SilenceEnds())
                    try pipeline.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Closes a connection on which nothing comes any more.
    private final class SilenceEnds: ChannelInboundHandler {
        typealias InboundIn = NIOAny

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// What came of the answer so far.
    private struct Reading {
        var events: ServerSentEvents
        private(set) var status = 0
        private var retryAfter: Int?
        private var refusal: [UInt8] = []

        init(lastID: String?) {
            events = ServerSentEvents(lastID: lastID)
        }

        /// Takes a part of the answer; false once nobody wants more.
        mutating func take(
            _ part: HTTPClientResponsePart, _ take: (ServerSentEvents.Message) -> Bool
        ) throws -> Bool {
            switch part {
            case .head(let head):
                status = Int(head.status.code)
                retryAfter = head.headers.first(name: "Retry-After").flatMap { Int($0) }
            case .body(let buffer) where status == 200:
                guard let messages = events.take(buffer.readableBytesView) else {
                    throw CommandFailure(.unavailable, "what answers at that address is no stream of events")
                }
                for message in messages where !take(message) { return false }
            case .body(let buffer):
                refusal += buffer.readableBytesView.prefix(EventStream.refusalBytes - refusal.count)
            case .end: break
            }
            return true
        }

        /// Says what an answer meant that was no stream.
        func end() throws {
            guard status != 200 else { return }
            let refusal = Refusal(status: status, problem: (try? JSONParser.parse(refusal, depthLimit: 64)) ?? .null)
            guard refusal.isPassing || status == 0 else { throw refusal.failure }
            throw Broken(
                sentence: status == 0 ? "the connection broke off" : refusal.failure.sentence, wasOpen: status > 0,
                lastID: events.lastID, retryAfter: retryAfter)
        }
    }
}
