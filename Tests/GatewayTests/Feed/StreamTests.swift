internal import GatehouseClient
import GatehouseControl
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseTesting
internal import HTTPTypes
internal import NIOCore
internal import NIOPosix
import Testing

@testable internal import gatehouse

/// The stream of a whole gateway over real sockets, read by the client's library.
@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    private func client(_ gateway: LiveGateway.Client, key: String = LiveGateway.admin) throws -> APIClient {
        try APIClient(url: gateway.base, key: key)
    }

    /// Reads over one connection until `take` wants no more, and returns the cursor to continue from.
    private func read(
        _ gateway: LiveGateway.Client, after cursor: String?, _ take: (APIClient.Event) -> Bool
    ) async throws -> String? {
        var last = cursor
        for try await told in try client(gateway).events.follow(.init(kinds: ["door.opened"]), after: cursor) {
            last = told.cursor
            guard take(told.event) else { break }
        }
        return last
    }

    private func send(_ ids: [String], on gateway: LiveGateway.Client, padding: Int = 0) async throws {
        let note = JSON.string(String(repeating: "x", count: padding))
        let batch = ids.map { id -> JSON in
            [
                "specversion": "1.0", "id": .string(id), "source": "/s", "type": "door.opened", "organization": "acme",
                "data": padding > 0 ? ["details": ["note": note]] : [:],
            ]
        }
        let answer = try await gateway.post("/v1/events", .array(batch))
        try #require(answer.status == 202, "\(answer.text)")
    }

    private func withGateway(
        _ change: (inout GatewaySettings) -> Void = { _ in }, _ test: (LiveGateway.Client) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all, change) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await test(gateway)
        }
    }

    @Test func returningReaderMissesNothingAndGetsNothingTwice() async throws {
        try await withGateway { gateway in
            let (writers, each) = (4, 50)
            let before = try await gateway.get("/v1/events").json["next"]?.text
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        for number in 0..<each { try await send(["\(writer)-\(number)"], on: gateway) }
                    }
                }
                var last = before
                var seen: [String] = []
                var connections = 0
                while seen.count < writers * each {
                    var left = 17
                    connections += 1
                    last = try await read(gateway, after: last) { event in
                        seen.append(event.id)
                        left -= 1
                        return left > 0 && seen.count < writers * each
                    }
                }
                try await group.waitForAll()
                #expect(connections >= 12)
                #expect(Set(seen).count == seen.count, "none twice")
                let feed = try await gateway.get("/v1/events?kind=door.opened&limit=500").json["events"]?.items ?? []
                #expect(seen == feed.map { $0["id"]?.text }, "none missed, in the order of the feed")
                for writer in 0..<writers {
                    let own = seen.filter { $0.hasPrefix("\(writer)-") }
                    #expect(own == (0..<each).map { "\(writer)-\($0)" }, "in the order of the commits")
                }
            }
        }
    }

    @Test func readerDisconnectedBeforeTheFirstEventMissesNothing() async throws {
        try await withGateway { gateway in
            try await send(["early"], on: gateway)
            var place: String?
            _ = try await RawStream.read(gateway.base) { text in
                guard text.contains("\n\n") else { return true }
                place = text.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
                return false
            }
            try await send(["a"], on: gateway)
            let id = try #require(place)
            var seen: [String] = []
            _ = try await read(gateway, after: id) { event in
                seen.append(event.id)
                return false
            }
            #expect(seen == ["a"])
        }
    }

    @Test func shutdownEndsStreamsAndPollsAtOnce() async throws {
        let began = ContinuousClock.now
        let ended = Snapshot<[String]>([])
        var tasks: [Task<Void, any Error>] = []
        let connected = AsyncStream<Void>.makeStream()
        try await withGateway { gateway in
            tasks.append(
                Task {
                    _ = try await RawStream.read(gateway.base) { _ in
                        connected.continuation.finish()
                        return true
                    }
                    ended.update { $0.append("stream") }
                })
            tasks.append(
                Task {
                    let answer = try await gateway.get("/v1/events?wait=60s&kind=door.forced")
                    #expect(answer.status == 200 && answer.json["events"]?.items?.isEmpty == true)
                    ended.update { $0.append("poll") }
                })
            for await _ in connected.stream {}
            let answer = try await gateway.get("/livez")
            #expect(answer.status == 200)
        }
        for task in tasks { _ = await task.result }
        #expect(ended.value.contains("stream"))
        #expect(ContinuousClock.now - began < .seconds(30))
    }

    @Test func disconnectedReaderFreesItsPlace() async throws {
        try await withGateway({
            $0.server.eventStreams = 1
            $0.server.waitingPolls = 1
        }) { gateway in
            for (path, later) in [
                ("/v1/events/stream", "/v1/events/stream"),
                ("/v1/events?wait=60s&kind=door.forced", "/v1/events?wait=500ms&kind=door.forced"),
            ] {
                let both = [try await RawStream.open(gateway.base, path), try await RawStream.open(gateway.base, path)]
                // One of them is refused, because the other one has the place.
                await withTaskGroup(of: Int.self) { group in
                    for socket in both { group.addTask { await socket.status() } }
                    for await status in group where status == 503 { break }
                    group.cancelAll()
                }
                let began = ContinuousClock.now
                for socket in both { await socket.close() }
                var status = 503
                while status == 503 {
                    let next = try await RawStream.open(gateway.base, later)
                    status = await next.status()
                    await next.close()
                }
                #expect(status == 200)
                #expect(ContinuousClock.now - began < .seconds(10), "nothing but his going told of it")
            }
        }
    }

    @Test func stuckReaderAffectsNoOtherAndDoesNotDelayTheShutdown() async throws {
        let began = ContinuousClock.now
        var socket: RawStream?
        try await withGateway { gateway in
            let stuck = try await RawStream.open(gateway.base, "/v1/events/stream?after=0")
            socket = stuck
            for round in 0..<12 {
                try await send((0..<20).map { "\(round)-\($0)" }, on: gateway, padding: 60_000)
            }
            var seen = 0
            _ = try await read(gateway, after: "0") { _ in
                seen += 1
                return seen < 40
            }
            #expect(seen == 40)
        }
        await socket?.close()
        #expect(ContinuousClock.now - began < .seconds(25), "well before the shutdown's own bound of 30 s")
    }

    @Test func followerContinuesAfterARestartOfTheGateway() async throws {
        try await TemporaryFolder.with { folder in
            var port = 0
            let file: (inout GatewaySettings) -> Void = {
                $0.store = "sqlite:\(folder)/g.db"
                $0.server.port = port
            }
            let (messages, came) = AsyncStream<String>.makeStream()
            var follower: Task<Void, any Error>?
            var commitSignal = messages.makeAsyncIterator()
            try await withGateway(file) { gateway in
                port = try #require(gateway.base.split(separator: ":").last.flatMap { Int($0) })
                let events = try client(gateway).events.follow(.init(kinds: ["door.opened"]), after: "0")
                try await send(["a"], on: gateway)
                follower = Task {
                    for try await told in events {
                        came.yield(told.event.id)
                        if told.event.id == "c" { return }
                    }
                }
                #expect(await commitSignal.next() == "a")
                try await send(["b"], on: gateway)
                #expect(await commitSignal.next() == "b")
            }
            try await LiveGateway.with(Dialects.all, file) { gateway in
                try await send(["c"], on: gateway)
                #expect(await commitSignal.next() == "c", "none is told twice")
                try await follower?.value
            }
        }
    }

    @Test func refusalIsReportedAndNotRetried() async throws {
        try await withGateway { gateway in
            for (filter, cursor, key, sort): (APIClient.EventFilter, String?, String, CommandError.Sort) in [
                (.init(kinds: ["nonsense"]), nil, LiveGateway.admin, .data),
                (.init(), "999999", LiveGateway.admin, .data),
                (.init(), nil, "gk_no_key", .permission),
            ] {
                let events = try client(gateway, key: key).events.follow(filter, after: cursor)
                let error = await #expect(throws: GatehouseError.self) { for try await _ in events {} }
                #expect(error.map { CommandError($0).sort } == sort)
            }
        }
    }
}

/// A socket that asks for a path, and reads only as far as a test wants.
struct RawStream: Sendable {
    private let channel: any Channel
    private let heard: Heard

    /// Opens a connection and sends the request. The answer is read only on demand.
    static func open(_ base: String, _ path: String) async throws -> RawStream {
        let url = try #require(TargetURL(base + path))
        let heard = Heard()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: false)
            .channelInitializer { channel in channel.pipeline.addHandler(Listener(heard)) }
            .connect(host: url.host, port: url.port).get()
        let request =
            "GET \(url.requestTarget) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(LiveGateway.admin)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: request))
        return RawStream(channel: channel, heard: heard)
    }

    /// Reads a whole stream until it ends or `take`, given everything so far, wants no more.
    static func read(_ base: String, _ take: (String) -> Bool) async throws -> String {
        let stream = try await open(base, "/v1/events/stream")
        try await stream.channel.setOption(ChannelOptions.autoRead, value: true).get()
        var text = ""
        for await piece in stream.heard.pieces {
            text += piece
            guard take(text) else { break }
        }
        await stream.close()
        return text
    }

    /// The status of the answer.
    func status() async -> Int {
        channel.read()
        for await piece in heard.pieces {
            return piece.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }

    func close() async { try? await channel.close() }

    /// The received bytes, piece by piece.
    private struct Heard: Sendable {
        let pieces: AsyncStream<String>
        let arrived: AsyncStream<String>.Continuation

        init() { (pieces, arrived) = AsyncStream<String>.makeStream() }
    }

    private final class Listener: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let heard: Heard

        init(_ heard: Heard) { self.heard = heard }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heard.arrived.yield(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { heard.arrived.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
