import GatehouseCore
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Collects one answer after the other from what NIOHTTP1's decoder finds in the bytes of a connection, within bounds.
///
/// The decoder stands between the ``Connection``, which is next to the socket, and this handler at the tail:
///
///     socket ─ TLS ─ Connection ─ decoder ─ AnswerReader
///
/// It must see the head of every request before it takes an answer, because the method decides whether a body follows.
/// So the reader shows it a typed head for each, while the bytes that were prepared leave through the connection and
/// never pass the decoder.
///
/// The status decides a delivery, so once the head is whole nothing that is wrong with the body is a failure: the body
/// is cut there and the connection not used again.
final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// How far the reading is.
    enum Progress: Equatable {
        /// More bytes are needed.
        case unfinished
        /// The answer is whole, or as much of it as will be read.
        case finished(keepsConnection: Bool)
        /// What came is no answer, with the reason.
        case failed(reason: String)
    }

    /// Stands before this handler in the pipeline.
    let decoder: HTTPResponseDecoder
    private(set) var reading = AnswerReading()
    /// Whether the head of the final answer is whole, so that there is a status.
    private(set) var hasHead = false

    private var bounds = AnswerBounds()
    private var hasEnded = false
    private var keepsConnection = false
    private var fault: String?
    private var informational = 0
    /// All bytes of this answer, and those of its body.
    private var bytesRead = 0
    private var bodyBytes = 0

    /// What the decoder is shown for a POST, made once for all of them.
    private static let post = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")

    init(_ limits: NIOHTTPDecoderLimitConfiguration) {
        decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward, limitConfiguration: limits)
    }

    /// Forgets the last answer and gets ready for the one to a request that is about to be written. Never called while
    /// the decoder is at work.
    func begin(_ method: HTTPRequest.Method, bounds: AnswerBounds) {
        self.bounds = bounds
        reading = AnswerReading()
        hasHead = false
        hasEnded = false
        fault = nil
        informational = 0
        bytesRead = 0
        bodyBytes = 0
        let head =
            method == .post
            ? Self.post
            : HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method.rawValue), uri: "/")
        decoder.write(data: .head(head))
    }

    /// Has the decoder take the next bytes of the connection; `context` is the place before the decoder.
    ///
    /// The last byte goes in by itself: where the answer is whole without it, there are bytes that belong to no answer,
    /// and the beginning of another one inside the decoder would be taken for the next request's.
    func read(_ bytes: ByteBuffer, from context: ChannelHandlerContext) -> Progress {
        var rest = bytes
        while !hasEnded, fault == nil, rest.readableBytes > 0 {
            let room = bounds.headBytes + (hasHead ? bounds.bodyBytes : 0) - bytesRead
            guard room > 0 else { break }
            let count = rest.readableBytes > room ? room : max(1, rest.readableBytes - 1)
            guard let piece = rest.readSlice(length: count) else { break }
            bytesRead += count
            context.fireChannelRead(NIOAny(piece))
        }
        if hasEnded { return .finished(keepsConnection: keepsConnection && rest.readableBytes == 0) }
        guard hasHead else {
            if let fault { return .failed(reason: fault) }
            guard rest.readableBytes > 0 else { return .unfinished }
            return .failed(reason: "the header of the answer is longer than \(bounds.headBytes) bytes")
        }
        let isOver = bodyBytes >= bounds.bodyBytes || bytesRead >= bounds.headBytes + bounds.bodyBytes
        return isOver || fault != nil ? finishedCut() : .unfinished
    }

    /// The connection was closed: whole for a body that ends so, cut for any other, no answer before the head.
    func readEnd(from context: ChannelHandlerContext) -> Progress {
        context.fireChannelInactive()
        return hasEnded ? .finished(keepsConnection: false) : readNoMore()
    }

    /// The connection failed: what there is of an answer with a head still counts.
    func readNoMore() -> Progress {
        hasHead ? finishedCut() : .failed(reason: "the connection was closed before an answer was complete")
    }

    /// Time is up: what there is of an answer with a head still counts.
    func cut() {
        reading.isTruncated = true
    }

    private func finishedCut() -> Progress {
        cut()
        return .finished(keepsConnection: false)
    }

    // MARK: What the decoder finds

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasEnded, fault == nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): take(head)
        case .body(let bytes): take(bytes)
        case .end: hasEnded = hasHead
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if fault == nil { fault = Self.reason(error) }
    }

    private func take(_ head: HTTPResponseHead) {
        let status = Int(head.status.code)
        switch status {
        case 101, 200...999:
            hasHead = true
            reading.status = status
            reading.headers = head.headers
            // Behind a 101 another protocol begins.
            keepsConnection = head.isKeepAlive && status != 101
        case 100..<200:
            informational += 1
            guard informational > bounds.informational else { return }
            fault = "more than \(bounds.informational) informational answers came first"
        default:
            fault = "the answer has no status that HTTP knows"
        }
    }

    private func take(_ bytes: ByteBuffer) {
        let readable = min(bytes.readableBytes, bounds.bodyBytes - bodyBytes)
        let kept = min(readable, bounds.bodyKept - reading.body.count)
        bodyBytes += readable
        reading.body.append(contentsOf: bytes.readableBytesView.prefix(kept))
        if kept < bytes.readableBytes { reading.isTruncated = true }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case HTTPParserError.headerOverflow: "the answer has too many header fields, or one that is too long"
        case HTTPParserError.invalidHeaderToken: "the answer has a malformed header field"
        case HTTPParserError.invalidContentLength, HTTPParserError.unexpectedContentLength:
            "the answer's Content-Length is malformed or stands twice"
        default: "what came back is no HTTP/1.1"
        }
    }
}
