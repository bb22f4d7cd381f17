internal import CoreMetrics
internal import GatehouseCore
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Comes after the decoder of each connection. It checks each head by ``RequestFraming`` and each body by
/// ``RequestPace``, and closes a connection in order: with the last answer, and with a short wait for what the caller
/// still sends, so that the caller can read that answer.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What is expected next.
    private enum Reading {
        case head
        case body(Body)
        /// Nothing: the connection ends when the open requests are answered.
        case nothing
    }

    private let connection: InboundConnection
    private let undecoded: UndecodedHandler
    private let bounds: ServerSettings.ConnectionTimes
    private let signals: ConnectionSignals
    private let table: RouteTable
    private var reading = Reading.head
    private var pending: [Pending] = []
    private var refusal: ConnectionAnswer?
    private var timer: Scheduled<Void>?
    private var isEnding = false

    init(
        _ connection: InboundConnection, _ undecoded: UndecodedHandler, _ bounds: ServerSettings.ConnectionTimes,
        _ signals: ConnectionSignals, refusingAs table: RouteTable
    ) {
        self.connection = connection
        self.undecoded = undecoded
        self.bounds = bounds
        self.signals = signals
        self.table = table
    }

    // MARK: Input

    func channelActive(context: ChannelHandlerContext) {
        let patience = connection.refusal == nil ? bounds.head : min(bounds.head, bounds.reserveHead)
        schedule(after: patience, context) { handler, context in
            guard case .head = handler.reading else { return }
            let sentence = "the head of the first request was not whole within \(patience.seconds) s"
            handler.refuse(handler.connection.refusal ?? Problem(.slowRequest, sentence), context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        undecoded.bytes = 0
        defer { undecoded.isWithinBody = if case .body = reading { true } else { false } }
        switch (unwrapInboundIn(data), reading) {
        case (_, .nothing): break
        case (.head(let head), _): begin(head, context)
        case (.body(let buffer), .body(let body)): take(buffer, of: body, context)
        case (.body(_), .head): break
        case (.end(let trailers), _):
            stopTimer()
            connection.isWaiting = pending.isEmpty
            reading = pending.last?.endsConnection == true ? .nothing : .head
            context.fireChannelRead(wrapInboundOut(.end(trailers)))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies arrive with their heads: only the others need a timer.
        if case .body(let body) = reading, timer == nil, !body.awaitsLeave {
            schedule(body.pace.first, of: body, context)
        }
        context.fireChannelReadComplete()
        // No later handler reads any more, and unread bytes would reset the connection before the answer is read.
        if isEnding { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || error is ByteToMessageDecoderError || error is UndecodedBytes else {
            context.fireErrorCaught(error)
            return
        }
        switch reading {
        case .nothing: break
        case .head: refuse(Self.problem(of: error), context)
        case .body(let body): cut(body, BrokenBody(), context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        stopTimer()
        var head = head
        do throws(Problem) {
            let framing = try RequestFraming(&head)
            let refusal = connection.refusal
            if let refusal, framing.announced != 0 || !Probes.ask(head) { throw refusal }
            let endsConnection = framing.endsConnection || refusal != nil
            pending.append(
                Pending(endsConnection: endsConnection, isOld: framing.isOld, isHead: head.method == .HEAD))
            reading = .body(
                Body(
                    announced: framing.announced, began: .now(),
                    pace: RequestPace(announced: framing.announced, bounds.body),
                    awaitsLeave: framing.awaitsLeave))
            context.fireChannelRead(wrapInboundOut(.head(head)))
        } catch {
            refuse(error, as: ConnectionAnswer(error, to: head, by: table), context)
        }
    }

    private func take(_ buffer: ByteBuffer, of body: Body, _ context: ChannelHandlerContext) {
        var body = body
        if body.awaitsLeave {
            body.awaitsLeave = false
            body.began = .now()
        }
        body.received += buffer.readableBytes
        if let unread = body.unread {
            body.unread = unread + buffer.readableBytes
            guard unread + buffer.readableBytes <= bounds.unreadBytes else { return end(context) }
        }
        reading = .body(body)
        context.fireChannelRead(wrapInboundOut(.body(buffer)))
    }

    /// Sends `100 Continue` for the present request, if its caller still waits for it.
    func giveLeave(_ context: ChannelHandlerContext) {
        guard pending.count == 1, case .body(var body) = reading, body.awaitsLeave, !isEnding else { return }
        body.awaitsLeave = false
        body.began = .now()
        reading = .body(body)
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        schedule(body.pace.first, of: body, context)
    }

    private static func problem(of error: any Error) -> Problem {
        if let error = error as? HTTPParserError, case .headerOverflow = error {
            return Problem(
                .largeHeaders, "the request's line or its header fields are larger than any request may have")
        }
        return Problem(ValidationError(.malformed, "what came is no request of HTTP/1.1 (RFC 9112)"))
    }

    // MARK: Output

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            prepare(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let body):
            context.write(wrapOutboundOut(.body(body)), promise: promise)
        case .end(let trailers):
            if pending.first?.isHead == true {
                // The encoder would end chunks here, and the answer to HEAD has no body (RFC 9110, section 9.3.2).
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: promise)
            } else {
                context.write(wrapOutboundOut(.end(trailers)), promise: promise)
            }
            // The next part of the pipeline flushes after this call, and closes nothing before.
            if !pending.isEmpty { answered(pending.removeFirst(), context) }
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .output = mode { linger(context) }
        context.close(mode: mode, promise: promise)
    }

    /// Writes into the answer whether the connection stays open, and sends no chunks to a caller that does not support
    /// them.
    private func prepare(_ head: inout HTTPResponseHead) {
        guard head.status.code >= 200, let first = pending.first else { return }
        if pending.count == 1, case .body(let body) = reading {
            // A caller that got no `100 Continue` may still send its body; only the caller knows.
            let unread = (body.announced ?? 0) - body.received
            if body.awaitsLeave || unread > bounds.unreadBytes { pending[0].endsConnection = true }
        }
        if first.isOld, head.status.mayHaveResponseBody, !head.headers.contains(name: "content-length") {
            // RFC 9112, section 6.3: in HTTP/1.0 the end of the connection is the end of the answer.
            head.version = .http1_0
            pending[0].endsConnection = true
        }
        if pending[0].endsConnection {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if first.isOld {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
    }

    private func answered(_ request: Pending, _ context: ChannelHandlerContext) {
        if request.endsConnection { return end(context) }
        guard pending.isEmpty else { return }
        if let refusal { return write(refusal, context) }
        if case .body(var body) = reading {
            body.unread = 0
            reading = .body(body)
        }
        connection.isWaiting = true
    }
}

// MARK: The end

extension ConnectionHandler {
    /// Answers a request that cannot be passed on, after all earlier requests, and ends the connection.
    private func refuse(
        _ problem: Problem, as answer: ConnectionAnswer? = nil, _ context: ChannelHandlerContext
    ) {
        guard !isEnding, refusal == nil else { return }
        stopTimer()
        reading = .nothing
        let answer = answer ?? ConnectionAnswer(problem)
        refusal = answer
        signals.count(problem)
        if pending.isEmpty { write(answer, context) }
    }

    private func write(_ answer: ConnectionAnswer, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("content-length", "\(answer.bytes.count)"), ("connection", "close")])
        for field in answer.fields { headers.replaceOrAdd(name: field.name.rawName, value: field.value) }
        let status = HTTPResponseStatus(statusCode: answer.status.code)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.bytes)))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// Gives the reader of a body the error. If the request is answered already there is no reader, and the connection
    /// ends.
    private func cut(_ body: Body, _ error: any Error, _ context: ChannelHandlerContext) {
        stopTimer()
        reading = .nothing
        guard body.unread == nil, !pending.isEmpty else { return end(context) }
        pending[pending.count - 1].endsConnection = true
        context.fireErrorCaught(error)
    }

    /// Sends the written bytes, ends the output, and waits a moment for the caller to read it (RFC 9112, section 9.6).
    private func end(_ context: ChannelHandlerContext) {
        guard !isEnding else { return }
        isEnding = true
        reading = .nothing
        connection.isWaiting = true
        context.flush()
        linger(context)
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private func linger(_ context: ChannelHandlerContext) {
        stopTimer()
        schedule(after: bounds.linger, context) { _, context in context.close(promise: nil) }
    }

    private func schedule(_ next: Duration, of body: Body, _ context: ChannelHandlerContext) {
        let elapsed = Duration.nanoseconds((NIODeadline.now() - body.began).nanoseconds)
        schedule(after: max(.zero, next - elapsed), context) { handler, context in handler.look(context) }
    }

    /// Checks the pace of a body.
    private func look(_ context: ChannelHandlerContext) {
        guard case .body(var body) = reading else { return }
        let elapsed = Duration.nanoseconds((NIODeadline.now() - body.began).nanoseconds)
        let pace = bounds.body
        let sentence: String
        switch body.pace.verdict(received: body.received, after: elapsed) {
        case .goesOn(let next):
            reading = .body(body)
            return schedule(next, of: body, context)
        case .tooSlow:
            sentence = "the body came with less than \(pace.leastRate) bytes a second for \(pace.stretch.seconds) s"
        case .tooLate:
            sentence = "the body was not whole in time, \(elapsed.seconds) s after its begin"
        }
        signals.countSlowBody()
        cut(body, SlowBody(sentence: sentence), context)
    }

    private func schedule(
        after delay: Duration, _ context: ChannelHandlerContext,
        _ work: @escaping (ConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [self] in
            timer = nil
            work(self, context)
        }
    }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }
}
