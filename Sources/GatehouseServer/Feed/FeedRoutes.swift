internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `GET /v1/events` and `GET /v1/events/stream`: events in the order of their commits, for callers that fetch events
/// instead of receiving webhooks.
struct FeedRoutes: Sendable {
    let feed: Feed
    let waits: WaitLimiter
    let boundLines: BoundLines
    let reads: ReadAudit

    /// One page of events after a cursor. If there is none yet and the caller asks to wait, it is answered as soon as
    /// there is one.
    func list(_ call: Call) async throws -> Response {
        let reader = feed.reader(try FeedQuestion(call), for: call.key)
        reads.noteEvents(by: call.author)
        let limit = try call.query.limit()
        let wait = try FeedQuestion.wait(call.query)
        let after = try FeedQuestion.cursor(call.query["after"], "after") ?? EventPosition(0)
        let page = try await reader.page(after: after, limit: limit)
        try reader.check(after, "after", newest: page.newest)
        let isCut = page.isCut(behind: after)
        if page.lines.isEmpty, page.isAtEnd, after == EventPosition(0) {
            try call.directory.check(reader.question.filter.doors, for: call.key)
        }
        guard page.lines.isEmpty, page.isAtEnd, !isCut, wait > .zero, reader.question.mayFit(after: call.now) else {
            return Self.answer(page, after: after)
        }
        let place = try place(.poll, for: call)
        defer { withExtendedLifetime(place) {} }
        let later = try await call.whileCallerListens {
            try await reader.nextPage(behind: page, limit: limit, until: call.now + wait)
        }
        return Self.answer(later, after: after, isLast: call.isOverConnection)
    }

    /// The same without an end, as server-sent events.
    func stream(_ call: Call) async throws -> Response {
        let reader = feed.reader(try FeedQuestion(call), for: call.key)
        reads.noteEvents(by: call.author)
        let start = try await start(reader, call)
        let place = try place(.stream, for: call)
        let stream = FeedStream(
            feed: feed, reader: reader, call: call, start: start.behind, isCut: start.isCut, place: place)
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        // Some proxies hold an answer back until it is complete, unless this field forbids it.
        headers[.accelBuffering] = "no"
        // The code that detects that the reader left uses up the connection (``Call/whileCallerListens(_:)``).
        if call.isOverConnection, call.request.method != .head { headers[.connection] = "close" }
        return Response(status: .ok, headers: headers, body: ResponseBody { try await stream.run(writing: $0) })
    }

    /// The start after the caller's last event, and whether events are missing there. Without a cursor it is the
    /// beginning if a time is asked for, else the end.
    private func start(
        _ reader: FeedReader, _ call: Call
    ) async throws -> (behind: EventPosition, isCut: Bool) {
        let bounds = try await reader.bounds()
        for (text, field) in [
            (call.request.headers[.lastEventID], "Last-Event-ID"), (call.query["after"], "after"),
        ] {
            guard let cursor = try FeedQuestion.cursor(text, field) else { continue }
            try reader.check(cursor, field, newest: bounds.newest)
            return (cursor, bounds.isCut(behind: cursor))
        }
        // A stream of a mistyped door would be silent for ever. A caller with a cursor used the same door before.
        try call.directory.check(reader.question.filter.doors, for: call.key)
        return (reader.question.filter.since == nil ? bounds.newest : EventPosition(0), false)
    }

    /// An empty page has no cursor, so that a caller that reads page after page knows when to stop. Exceptions: many
    /// events were searched without a match, which no caller should repeat; or events after the caller's cursor were
    /// pruned, which is reported once.
    private static func answer(_ page: FeedReader.Page, after: EventPosition, isLast: Bool = false) -> Response {
        let isFar = !page.isAtEnd || page.reached.number - after.number > FeedFilter.span
        let isCut = page.isCut(behind: after)
        let next = page.lines.isEmpty && !isFar && !isCut ? JSON.null : .string("\(page.reached.number)")
        var body = Array(#"{"events":["#.utf8)
        for (place, line) in page.lines.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            body += line.bytes
        }
        body += Array(#"],"next":"#.utf8) + next.bytes + Array((isCut ? #","pruned":true}"# : "}").utf8)
        var headers: HTTPFields = [.contentType: "application/json"]
        if isLast { headers[.connection] = "close" }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func place(
        _ method: WaitLimiter.WaitMethod, for call: Call
    ) throws(Problem) -> WaitLimiter.Place {
        let bounds = call.settings.waitingBounds(method)
        do {
            return try waits.take(method, for: call.key, within: bounds)
        } catch {
            let problem = Self.full(method, by: error, bounds)
            boundLines.tell(problem, at: feed.clock.now, to: call.logger)
            throw problem
        }
    }

    private static func full(
        _ method: WaitLimiter.WaitMethod, by bound: WaitLimiter.Bound, _ bounds: WaitLimiter.Bounds
    ) -> Problem {
        let those =
            switch method {
            case .poll: "requests wait for events"
            case .stream: "streams of events are open"
            }
        let later: HTTPFields = [.retryAfter: "5"]
        return switch bound {
        case .all:
            Problem(.overloaded, "\(bounds.all) \(those), as many as may; come again in a moment", headers: later)
        case .key:
            Problem(.manyWaits, "as many \(those) with this key as may; end one, or come again later", headers: later)
        case .organization:
            Problem(
                .manyWaits, "\(bounds.perOrganization) \(those) with keys of this organization, as many as may",
                headers: later)
        }
    }
}

extension Call {
    /// Does work that takes long, and cancels it when the caller leaves.
    ///
    /// Hummingbird's code detects that; it consumes what the caller sends next, so the connection ends with the answer.
    /// A body, which has no meaning here (RFC 9110 section 9.3.1), is discarded first, at the pace that the connection
    /// checks: behind some unread pieces that code stops and no longer sees the end, and if it is cancelled before the
    /// end of the request, the process crashes.
    func whileCallerListens<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        guard isOverConnection else { return try await work() }
        InboundConnection.current?.giveLeave()
        return try await request.body.consumeWithCancellationOnInboundClose { body in
            do {
                for try await _ in body {}
            } catch {
                // The rest of the body did not come, or came too late.
                throw CancellationError()
            }
            return try await work()
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = constant("last-event-id")
    fileprivate static let accelBuffering = constant("x-accel-buffering")
}
