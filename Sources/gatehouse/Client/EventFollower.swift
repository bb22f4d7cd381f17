/// Reads a stream of events on and on, over as many connections as it takes.
struct EventFollower {
    /// The longest pause before it tries again.
    static let longestPause = 30

    /// Where the events come from.
    let stream: EventStream
    /// Told where the connection broke.
    let tell: (String) -> Void

    /// Follows behind an id until `take` wants no more.
    ///
    /// - Throws: where the gateway refuses, or was never there at all.
    func follow(after cursor: String?, _ take: (ServerSentEvents.Message) -> Bool) async throws {
        var last = cursor
        var pause = 1
        var wasOpen = false
        var isEnough = false
        while !isEnough {
            do {
                last = try await stream.read(after: last) { message in
                    last = message.id ?? last
                    (pause, wasOpen) = (1, true)
                    isEnough = !take(message)
                    return !isEnough
                }
                wasOpen = true
                if isEnough { return }
                tell("the gateway ended the stream; connecting again")
            } catch let broken as EventStream.Broken {
                guard wasOpen || broken.wasOpen else {
                    throw CommandFailure(
                        .unavailable, "\(broken.sentence). Does it run, and is --url right?")
                }
                (wasOpen, last) = (true, broken.lastID)
                tell("\(broken.sentence); connecting again")
                pause = max(pause, min(broken.retryAfter ?? 0, Self.longestPause))
            }
            try await Task.sleep(for: .seconds(pause))
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
