import GatehouseServer
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

extension TestServer {
    /// Runs the server on a free port of the loopback for as long as a test needs it, then shuts it down in order.
    func live<Result: Sendable>(_ test: @Sendable (Int) async throws -> Result) async throws -> Result {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = try api.buildApplication { port in continuation.yield(port) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: parts.logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw CancellationError() }
            do {
                let result = try await test(port)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }
}

/// Sends raw bytes over one connection and reads until the server closes it.
func exchange(_ port: Int, _ pieces: [[UInt8]], closesWriting: Bool = false) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        for piece in pieces { try await outbound.write(ByteBuffer(bytes: piece)) }
        if closesWriting { outbound.finish() }
        var answer: [UInt8] = []
        do {
            for try await buffer in inbound { answer += buffer.readableBytesView }
        } catch is IOError {
            // The server closed while our bytes were on their way: its earlier answer counts.
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
