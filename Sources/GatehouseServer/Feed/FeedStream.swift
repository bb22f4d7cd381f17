internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// One stream of server-sent events (HTML, section 9.2): each event with its cursor as `id`, its kind as `event` and
/// the CloudEvent as `data`.
///
/// At most one page is in memory: the next page is read when the reader has taken the last one. A stream whose reader
/// takes nothing for ``patience`` is ended.
struct FeedStream: Sendable {
    /// The longest silence before a comment shows that the stream is alive.
    static let heartbeat = Duration.seconds(15)
    /// How long a reader may take nothing.
    static let patience = Duration.seconds(60)
    /// The same while the gateway shuts down.
    static let lastPatience = Duration.seconds(1)
    /// How many events are read at once.
    static let page = 20

    let feed: Feed
    let reader: FeedReader
    let call: Call
    let start: EventPosition
    /// Whether events after the start are missing, because they were pruned.
    let isCut: Bool
    /// Counts the stream while it is open.
    let place: WaitLimiter.Place

    private var commitSignal: CommitSignal { feed.signal }
    private var clock: any WallClock { feed.clock }

    /// Writes until the requested period is over, the gateway ends, the key is revoked or the reader leaves.
    func run(writing writer: any ResponseBodyWriter) async throws {
        let outlet = Outlet(writer, clock: clock)
        try await call.whileCallerListens {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pump(into: outlet) }
                group.addTask { try await watch(outlet) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        try await outlet.finish()
        withExtendedLifetime(place) {}
    }

    private func pump(into outlet: Outlet) async throws {
        var reached = start
        var told = start
        try await outlet.write("retry: 2000\nid: \(start.number)\n\n")
        if isCut { try await outlet.write("event: pruned\ndata: {\"after\":\"\(start.number)\"}\n\n") }
        while !commitSignal.isClosed {
            let (mark, asked) = (commitSignal.mark, clock.now)
            guard let page = try await nextPage(after: reached) else { return }
            reached = page.reached
            for line in page.lines {
                try await outlet.write(line)
                told = line.position
            }
            guard page.isAtEnd else { continue }
            guard reader.question.mayFit(after: asked) else { return }
            if outlet.silence >= Self.heartbeat {
                try await outlet.write(": alive\n" + (reached > told ? "id: \(reached.number)\n\n" : "\n"))
                told = reached
            }
            try await reader.rest(after: mark, asked: asked, until: outlet.lastWritten + Self.heartbeat)
        }
    }

    /// Nil if there is no more for this reader. A store that is not available ends the stream too: the reader connects
    /// again, and the status of that answer says what is wrong.
    private func nextPage(after reached: EventPosition) async throws -> FeedReader.Page? {
        do {
            return try await reader.page(after: reached, limit: Self.page)
        } catch is KeyRevoked {
            return nil
        }
    }

    /// Never returns; throws when the reader has taken nothing for too long.
    private func watch(_ outlet: Outlet) async throws {
        while true {
            let (commitSignal, clock) = (commitSignal, clock)
            let isEnding = commitSignal.isClosed
            let pause = clock.now + (isEnding ? Self.lastPatience : Self.heartbeat)
            try await withThrowingTaskGroup(of: Void.self) { group in
                if !isEnding { group.addTask { await commitSignal.closed() } }
                group.addTask { try await clock.sleep(until: pause) }
                defer { group.cancelAll() }
                try await group.next()
            }
            try Task.checkCancellation()
            if outlet.isStuck(for: isEnding ? Self.lastPatience : Self.patience) { throw ReaderStuck() }
        }
    }

    /// The reader takes nothing, and another caller may need its place.
    private struct ReaderStuck: Error {}
}

/// Writes a stream's bytes. One task writes; another one checks how long the present write has taken.
private final class Outlet: @unchecked Sendable {
    private struct State {
        var begun: Instant?
        var last: Instant
    }

    // Used only by the task that writes.
    private var writer: any ResponseBodyWriter
    private let clock: any WallClock
    private let state: Mutex<State>

    init(_ writer: any ResponseBodyWriter, clock: any WallClock) {
        self.writer = writer
        self.clock = clock
        self.state = Mutex(State(last: clock.now))
    }

    /// The time of the last write.
    var lastWritten: Instant { state.withLock { $0.last } }

    /// The time since the last write.
    var silence: Duration { clock.now - lastWritten }

    /// Whether one write has taken so long already.
    func isStuck(for duration: Duration) -> Bool {
        let now = clock.now
        return state.withLock { $0.begun.map { now - $0 >= duration } ?? false }
    }

    func write(_ line: FeedReader.Line) async throws {
        var buffer = ByteBuffer(string: "id: \(line.position.number)\nevent: \(line.kind.name)\ndata: ")
        buffer.writeBytes(line.bytes)
        buffer.writeString("\n\n")
        try await write(buffer)
    }

    func write(_ text: String) async throws { try await write(ByteBuffer(string: text)) }

    func finish() async throws { try await writer.finish(nil) }

    private func write(_ buffer: ByteBuffer) async throws {
        let now = clock.now
        state.withLock { $0.begun = now }
        try await writer.write(buffer)
        let after = clock.now
        state.withLock { $0 = State(begun: nil, last: after) }
    }
}
