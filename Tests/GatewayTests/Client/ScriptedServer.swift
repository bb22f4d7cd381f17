internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A server on this machine that answers each request as its script says, or closes the connection, and remembers the
/// requests.
final class ScriptedServer: Sendable {
    /// A received request.
    struct Heard: Sendable {
        let method: String
        let target: String
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// The reaction to a request.
    enum Reply: Sendable {
        case answer(Int, String, headers: [String: String] = [:])
        /// Closes the connection without an answer.
        case hangUp
        /// Sends nothing while the other side stays connected.
        case silence

        /// A refusal in the gateway's form.
        static func problem(_ status: Int, _ type: String, retryAfter: Int? = nil) -> Reply {
            .answer(
                status, #"{"type":"/problems/\#(type)","detail":"it is \#(type)"}"#,
                headers: retryAfter.map { ["Retry-After": "\($0)"] } ?? [:])
        }
    }

    /// Decides, by the request and the number of earlier ones.
    typealias Script = @Sendable (Heard, Int) async throws -> Reply

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let script: Script
    private let log = Mutex<[Heard]>([])
    private let listener: NIOAsyncChannel<Connection, Never>
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }
    /// The received requests, in order.
    var heard: [Heard] { log.withLock { $0 } }

    private init(port: Int, _ script: @escaping Script) async throws {
        self.script = script
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        self.port = listener.channel.localAddress?.port ?? 0
    }

    /// Gives these answers in turn, and repeats the last one.
    static func answering(
        _ replies: [Reply], _ test: (ScriptedServer) async throws -> Void
    ) async throws {
        try await with({ _, place in replies[min(place, replies.count - 1)] }, test)
    }

    /// Runs during the test.
    static func with(
        _ script: @escaping Script, port: Int = 0, _ test: (ScriptedServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer(port: port, script)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await server.serve() }
            defer { group.cancelAll() }
            try await test(server)
        }
    }

    private func serve() async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { try? await self.serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let new): (head, body) = (new, [])
                case .body(let buffer): body += buffer.readableBytesView
                case .end:
                    guard let head else { return }
                    let heard = Heard(
                        method: head.method.rawValue, target: head.uri, headers: head.headers, body: body)
                    let place = log.withLock { log in
                        log.append(heard)
                        return log.count - 1
                    }
                    switch try await script(heard, place) {
                    case .hangUp: return
                    case .silence: continue
                    case .answer(let status, let text, let fields):
                        var headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
                        headers.replaceOrAdd(name: "Content-Length", value: "\(text.utf8.count)")
                        let head = HTTPResponseHead(
                            version: .http1_1, status: .init(statusCode: status), headers: headers)
                        try await outbound.write(.head(head))
                        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: text))))
                        try await outbound.write(.end(nil))
                    }
                }
            }
        }
    }
}
