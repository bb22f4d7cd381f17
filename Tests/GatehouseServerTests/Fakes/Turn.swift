import NIOCore
import NIOPosix

/// One turn of a conversation over a connection: the bytes to send, and what must have come before the next turn.
struct Turn: Sendable {
    let bytes: [UInt8]
    let until: String

    init(_ text: String, until: String = "") {
        self.init(Array(text.utf8), until: until)
    }

    init(_ bytes: [UInt8], until: String = "") {
        self.bytes = bytes
        self.until = until
    }
}

/// Sends the turns over one connection, each when the awaited text of the previous turn has come, and reads until the
/// server closes it. Returns everything that came.
func conversation(_ port: Int, _ turns: [Turn]) async throws -> String {
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
        var answer: [UInt8] = []
        var pieces = inbound.makeAsyncIterator()
        do {
            for turn in turns {
                try await outbound.write(ByteBuffer(bytes: turn.bytes))
                while !String(decoding: answer, as: UTF8.self).contains(turn.until) {
                    guard let piece = try await pieces.next() else { return String(decoding: answer, as: UTF8.self) }
                    answer += piece.readableBytesView
                }
            }
            while let piece = try await pieces.next() { answer += piece.readableBytesView }
        } catch is IOError {
            // The server closed while our bytes were on their way: its earlier answer counts.
        }
        return String(decoding: answer, as: UTF8.self)
    }
}

/// Sends bytes, reads until a text has come, and closes the connection. Returns everything that came.
func firstBytes(_ port: Int, _ text: String, until: String) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        var answer: [UInt8] = []
        for try await piece in inbound {
            answer += piece.readableBytesView
            if String(decoding: answer, as: UTF8.self).contains(until) { break }
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
