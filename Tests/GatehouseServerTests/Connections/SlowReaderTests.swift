import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatehouseServer

/// A caller that reads slowly and steadily keeps its connection, and one that reads nothing loses it.
@Suite(.timeLimit(.minutes(1))) struct SlowReaderTests {
    /// Counts the bytes that a caller has read.
    private final class Reader: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let bytes = Atomic(0)
        var count: Int { bytes.load(ordering: .relaxed) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.add(unwrapInboundIn(data).readableBytes, ordering: .relaxed)
        }
    }

    /// A server that expects callers to read, and one caller that reads on demand.
    private struct Bench {
        static let whole = 8 * 1024 * 1024
        let metrics = PrometheusMetrics()
        let server: any Channel
        let caller: any Channel
        let reader = Reader()
        let accepted: any Channel

        init(patience: Duration) async throws {
            var settings = ServerSettings()
            settings.idleTimeout = patience
            let (places, signals) = (ConnectionPlaces(), ConnectionSignals(metrics))
            let (times, reader) = (settings.connectionTimes, reader)
            let (channels, continuation) = AsyncStream.makeStream(of: (any Channel).self)
            server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = InboundConnection(channel, in: places)
                        try channel.pipeline.syncOperations.addHandler(ReaderHandler(connection, times, signals))
                        continuation.yield(channel)
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            caller = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(ChannelOptions.autoRead, value: false)
                .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 16_384)
                .channelOption(ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(reader) }
                }
                .connect(host: "127.0.0.1", port: server.localAddress?.port ?? 0).get()
            var iterator = channels.makeAsyncIterator()
            accepted = try #require(await iterator.next())
            accepted.writeAndFlush(ByteBuffer(repeating: 7, count: Self.whole), promise: nil)
            while try await unsent() == 0 { try await pause() }
        }

        /// How many bytes the server could not give to its socket yet.
        func unsent() async throws -> Int { try await accepted.getOption(ChannelOptions.bufferedWritableBytes).get() }

        /// Reads this many more bytes, or all that there are.
        func read(_ count: Int) async throws {
            let end = min(reader.count + count, Self.whole)
            while reader.count < end, caller.isActive {
                let before = reader.count
                caller.read()
                // One read at a time: more would flood the loop.
                while reader.count == before, caller.isActive { try await pause() }
            }
        }

        /// Lets other tasks work; ends when the test's time is over.
        func pause() async throws {
            try Task.checkCancellation()
            await Task.yield()
        }

        func close() async throws {
            try? await caller.close()
            try await server.close()
        }
    }

    /// Each portion is read only after the server has noticed the previous one.
    @Test func steadyReaderIsNotCut() async throws {
        let bench = try await Bench(patience: .seconds(2))
        while bench.reader.count < Bench.whole, bench.accepted.isActive {
            let before = try await bench.unsent()
            try await bench.read(256 * 1024)
            while bench.accepted.isActive, before > 0, try await bench.unsent() == before { try await bench.pause() }
        }
        #expect(bench.reader.count == Bench.whole, "the reader was cut off")
        #expect(!bench.metrics.text().contains(#"gatehouse_http_refused_total{reason="slow-reader"} 1"#))
        try await bench.close()
    }

    @Test func stoppedReaderIsCutOff() async throws {
        let bench = try await Bench(patience: .milliseconds(200))
        try await bench.read(512 * 1024)
        try await bench.accepted.closeFuture.get()
        #expect(bench.metrics.text().contains(#"gatehouse_http_refused_total{reason="slow-reader"} 1"#))
        try await bench.close()
    }
}
