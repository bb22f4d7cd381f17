import GatehouseCore
import GatehouseTLS
import HTTPTypes
import NIOCore
import NIOSSL
import NIOTLS

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection to a receiver: writes a request, reads its answer, and is kept for the next request.
///
/// It is next to the socket, or to TLS, and sees only bytes: a request leaves as one buffer, and an answer's bytes go
/// to its ``AnswerReader``.
///
/// A request that was handed to one socket is never handed to another: it cannot be known whether the other end has
/// read it, so the result is reported, and the recorder counts it (docs/decisions/0036-one-try-one-request.md).
///
/// One timer serves all its time-outs: it is set for the first one, and if the deadline has moved when it fires, it
/// is set again. So a busy connection sets about one timer for each time-out, not one for each request.
final class Connection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Being opened, for this dial.
        case dialling(Dial)
        /// Ready and unused.
        case idle
        /// A request was sent.
        case busy(Exchange)
        /// Closed, or closing; it has no owner.
        case over
    }

    /// The checked address at the other end.
    let address: NetworkAddress

    /// Reads the records in front of TLS during the handshake; outside the channel if there is no TLS.
    let recordReader = RecordReader()

    private let origin: OriginPool
    private var state: State
    private var context: ChannelHandlerContext?
    private var socket: NIOBSDSocket.Handle?
    private var answer = AnswerReader()
    private var buffer = ByteBuffer()
    private var isWriting = false
    /// Whether an answer came on it.
    private(set) var hasServed = false
    /// When the last answer was complete, or the connection was opened.
    private(set) var restsSince = NIODeadline.now()
    private var handshakeError: (any Error)?
    private var deadline = NIODeadline.distantFuture
    private var timer: (fires: NIODeadline, task: Scheduled<Void>)?

    /// A larger request may not fit into the socket at once, so its writing is a phase of its own.
    private static let writesAtOnce = 32 << 10
    /// A buffer that grew beyond this for one request is not kept for the next.
    private static let keepsBuffer = 64 << 10

    init(to address: NetworkAddress, of origin: OriginPool, dial: Dial) {
        self.address = address
        self.origin = origin
        self.state = .dialling(dial)
    }

    /// Takes its place in a channel that is being made, behind TLS if there is any.
    func join(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(self)
        socket = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
    }

    // MARK: Calls of the receiver's pool

    /// Whether the other end has neither closed the connection nor sent anything on it, as far as this machine knows.
    /// Checked right before a request is written: it also sees a close that the event loop has not processed yet.
    var isUsable: Bool {
        guard let context, context.channel.isActive, let socket else { return false }
        var byte: UInt8 = 0
        guard recv(socket, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) < 0 else { return false }
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR
    }

    /// Writes a request; its caller hears of the complete answer, or of a failure.
    func send(_ exchange: Exchange, now: NIODeadline) {
        guard let context else {
            return exchange.conclude(.failed(.broken(reason: "the connection was closed before the request")))
        }
        let request = exchange.request
        buffer.clear()
        buffer.reserveCapacity(512 + request.prepared.body.count)
        if let fault = RequestWriter.write(request.prepared, hostHeader: origin.hostHeader, into: &buffer) {
            exchange.conclude(.failed(.broken(reason: fault.reason)))
            return origin.release(self)
        }
        state = .busy(exchange)
        answer.begin(request.prepared.method, bounds: origin.loopPool.settings.bounds(of: request))
        if buffer.readableBytes <= Self.writesAtOnce {
            exchange.enter(.answer, now: now)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } else {
            writeLong(exchange, context, now: now)
        }
        expect(by: exchange.deadline)
        if buffer.capacity > Self.keepsBuffer { buffer = ByteBuffer() }
    }

    /// Waits for its next request, for as long as the settings say.
    func rest() {
        state = .idle
        deadline = .now() + .nanoseconds(origin.loopPool.settings.keepsIdle.microseconds * 1000)
        arm()
    }

    /// Closes it, on behalf of its pool.
    func close() {
        state = .over
        timer?.task.cancel()
        timer = nil
        context?.close(promise: nil)
    }

    /// Sets the present deadline.
    func expect(by deadline: NIODeadline) {
        self.deadline = deadline
        arm()
    }

    private func writeLong(_ exchange: Exchange, _ context: ChannelHandlerContext, now: NIODeadline) {
        exchange.enter(.write, now: now)
        isWriting = true
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenSuccess { self.wrote(exchange) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    private func wrote(_ exchange: Exchange) {
        isWriting = false
        guard case .busy(let current) = state, current === exchange else { return }
        exchange.enter(.answer, now: .now())
        expect(by: exchange.deadline)
    }

    // MARK: Time

    private func arm() {
        if let timer, timer.fires <= deadline { return }
        timer?.task.cancel()
        timer = nil
        guard let context, deadline != .distantFuture else { return }
        let task = context.eventLoop.scheduleTask(deadline: deadline) { self.timerFired() }
        timer = (deadline, task)
    }

    private func timerFired() {
        timer = nil
        guard deadline <= .now() else { return arm() }
        switch state {
        case .dialling(let dial): end(dial, .timedOut(.handshake))
        case .idle, .over: context?.close(promise: nil)
        case .busy(let exchange): timeUp(exchange)
        }
    }

    /// If the status has come, it counts although the body is incomplete; otherwise the phase took too long.
    private func timeUp(_ exchange: Exchange) {
        answer.cut()
        finish(exchange, answer.hasHead ? .answered(answer.reading) : .failed(.timedOut(exchange.phase)), keeps: false)
    }

    // MARK: The end of a dial, of a request, of the connection

    /// Reports to its pool that the other end closed it although it was to be kept, and that no byte of another answer
    /// came.
    private func tellOfEnd() {
        switch state {
        case .idle: origin.endedUnasked(self)
        case .busy: if !answer.hasBegun { origin.endedUnasked(self) }
        case .dialling, .over: break
        }
    }

    private func handshakeFailed(_ error: (any Error)?) -> Outcome {
        var failed = origin.failedHandshake(error)
        failed.records = recordReader.records
        let certificate = try? context?.pipeline.syncOperations.nioSSL_peerCertificate()
        failed.certificate = certificate.map { PeerCertificate($0) }
        return .untrusted(reason: failed.sentence)
    }

    /// The connection failed during a request. Before its first answer the cause may be TLS: the other end may refuse a
    /// missing client certificate only after the handshake, or it may use TLS where this end does not.
    private func broke(_ exchange: Exchange, _ error: (any Error)?) {
        guard !hasServed, !answer.hasBegun else { return conclude(exchange, answer.readNoMore()) }
        let isTLS = origin.key.scheme == .https
        if isTLS, let error, FailedHandshake.isRefusal(error) {
            var failed = origin.failedHandshake(error)
            failed.isRefusedBehind = true
            return finish(exchange, .failed(.untrusted(reason: failed.sentence)), keeps: false)
        }
        let advice =
            isTLS
            ? "read its log; it may require a client certificate, which this gateway does not have"
            : "read its log; if it speaks TLS on port \(origin.url.port), set https in the URL"
        let reason = "the receiver closed the connection without an answer: \(advice)"
        finish(exchange, .failed(.broken(reason: reason)), keeps: false)
    }

    private func end(_ dial: Dial, _ outcome: Outcome) {
        close()
        dial.fail(outcome)
    }

    private func finish(_ exchange: Exchange, _ conclusion: Exchange.Conclusion, keeps: Bool) {
        if keeps, exchange.request.prepared.keepsConnection, !isWriting, !origin.loopPool.isRetiring {
            state = .idle
            hasServed = true
            restsSince = .now()
            origin.release(self)
        } else {
            closeReady()
        }
        exchange.conclude(conclusion)
    }

    /// Closes a connection that was ready, and reports it to its pool at once.
    func closeReady() {
        close()
        origin.connectionClosed(self)
    }

    private func conclude(_ exchange: Exchange, _ progress: AnswerReader.Progress) {
        switch progress {
        case .unfinished: break
        case .finished(let keeps): finish(exchange, .answered(answer.reading), keeps: keeps)
        case .failed(let reason): finish(exchange, .failed(.broken(reason: reason)), keeps: false)
        }
    }
}

// MARK: What the channel reports

extension Connection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        guard case .dialling(let dial) = state else { return }
        if origin.key.scheme == .https {
            dial.handshakeBegan(self)
        } else {
            state = .idle
            dial.succeeded(self)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, case .dialling(let dial) = state {
            state = .idle
            dial.succeeded(self)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .busy(let exchange):
            conclude(exchange, unwrapInboundIn(data).withUnsafeReadableBytes { answer.read($0) })
        case .idle:
            // An unrequested answer would be read as the next request's answer.
            closeReady()
        case .dialling, .over:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tellOfEnd()
        switch state {
        case .dialling(let dial): end(dial, handshakeFailed(error))
        case .idle: closeReady()
        case .busy(let exchange): broke(exchange, error)
        case .over: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
        tellOfEnd()
        switch state {
        case .dialling(let dial): end(dial, handshakeFailed(nil))
        case .idle: closeReady()
        case .busy(let exchange) where answer.hasBegun || hasServed: conclude(exchange, answer.readEnd())
        case .busy(let exchange): broke(exchange, nil)
        case .over: break
        }
    }
}
