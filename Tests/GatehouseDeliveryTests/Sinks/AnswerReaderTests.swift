import GatehouseCore
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import GatehouseDelivery

@Suite struct AnswerReaderTests {
    /// Feeds an answer in pieces and gives the last progress and what was read.
    private func read(
        _ pieces: [[UInt8]], ends: Bool = false, to method: HTTPRequest.Method = .post,
        bounds: AnswerBounds = AnswerBounds()
    ) throws -> (AnswerReader.Progress, AnswerReading) {
        let reader = AnswerReader(PoolSettings().decoderLimits)
        let front = Front(reader)
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        try channel.pipeline.syncOperations.addHandlers([
            front, ByteToMessageHandler(reader.decoder), reader,
        ])
        reader.begin(method, bounds: bounds)
        for piece in pieces {
            try channel.writeInbound(ByteBuffer(bytes: piece))
            guard front.progress == .unfinished else { return (front.progress, reader.reading) }
        }
        if ends { channel.pipeline.fireChannelInactive() }
        return (front.progress, reader.reading)
    }

    /// Stands where the connection stands: bytes go in through the reader's bounds.
    private final class Front: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let reader: AnswerReader
        var progress = AnswerReader.Progress.unfinished

        init(_ reader: AnswerReader) { self.reader = reader }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            progress = reader.read(unwrapInboundIn(data), from: context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            guard progress == .unfinished else { return }
            progress = reader.readEnd(from: context)
        }
    }

    static let answers: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200\r\ntransfer-encoding: gzip, Chunked\r\n\r\n3;a=b\r\nhel\r\n02\r\nlo\r\n000\r\nT: v\r\n\r\n",
        "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nRetry-After: 7\r\nX: \u{e9}\r\nContent-Length: 5\r\n\r\nhello",
    ]

    @Test(arguments: answers)
    func piecesOfAnySizeMakeTheSameAnswer(_ answer: String) throws {
        let bytes = Array(answer.utf8)
        for cut in 0...bytes.count {
            let (progress, reading) = try read([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(progress == .finished(keepsConnection: true))
            #expect(reading.status == 200)
            #expect(reading.body == Array("hello".utf8))
            #expect(!reading.isTruncated)
        }
        let (progress, reading) = try read(bytes.map { [$0] })
        #expect(progress == .finished(keepsConnection: true))
        #expect(reading.body == Array("hello".utf8))
    }

    /// Also where the rest is only the beginning of something, which the decoder would keep for the next answer.
    @Test(arguments: answers, ["H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 500 Smuggled\r\n\r\n", "\r\n", "x", "\0"])
    func aConnectionWithBytesBehindTheAnswerIsNotKept(_ answer: String, _ rest: String) throws {
        let (progress, reading) = try read([Array((answer + rest).utf8)])
        #expect(progress == .finished(keepsConnection: false))
        #expect(reading.status == 200)
        #expect(reading.body == Array("hello".utf8))
    }

    @Test func anAnswerWithoutALengthEndsWithItsConnection() throws {
        let (progress, reading) = try read([Array("HTTP/1.0 200 OK\r\n\r\nhel".utf8), Array("lo".utf8)], ends: true)
        #expect(progress == .finished(keepsConnection: false))
        #expect(reading.body == Array("hello".utf8))
        #expect(!reading.isTruncated)
    }

    @Test func oldHTTPKeepsTheConnectionOnlyWhereItSaysSo() throws {
        let plain = try read([Array("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)])
        #expect(plain.0 == .finished(keepsConnection: false))
        let kept = try read([Array("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n".utf8)])
        #expect(kept.0 == .finished(keepsConnection: true))
    }

    @Test func anAnswerToHEADHasNoBody() throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".utf8)
        #expect(try read([head], to: .head).0 == .finished(keepsConnection: true))
        #expect(try read([head], to: .post).0 == .unfinished)
    }

    @Test func aCutBodyIsMarkedAndTheStatusStands() throws {
        let (progress, reading) = try read(
            [Array("HTTP/1.1 201 Made\r\nContent-Length: 9\r\n\r\nabc".utf8)], ends: true)
        #expect(progress == .finished(keepsConnection: false))
        #expect(reading.status == 201)
        #expect(reading.isTruncated)
    }

    /// The decoder takes one Content-Length and no second, even the same one, as RFC 9112 §6.3 leaves it free to.
    @Test func aSecondLengthIsRefusedThoughItSaysTheSame() throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"
        guard case .failed = try read([Array(head.utf8)]).0 else {
            Issue.record("two lengths were taken")
            return
        }
    }

    @Test(arguments: ["X: ", "", "HTTP"])
    func theHeadIsBoundedHoweverItComes(_ start: String) throws {
        let status = start == "HTTP" ? "HTTP/1.1 200 " : "HTTP/1.1 200 OK\r\n" + start
        let head = Array((status + String(repeating: "a", count: 20 << 10)).utf8)
        for size in [1, 7, 1000, 16384, 20_000] {
            let pieces = stride(from: 0, to: head.count, by: size).map { Array(head[$0..<min($0 + size, head.count)]) }
            guard case .failed = try read(pieces).0 else {
                Issue.record("pieces of \(size) bytes went over the bound")
                continue
            }
        }
    }

    @Test func aHeadOfJustTheBoundIsReadAndOneMoreByteIsNot() throws {
        let (start, end) = ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX: ", "\r\n\r\n")
        let room = AnswerBounds().headBytes - start.utf8.count - end.utf8.count
        for (count, fits) in [(room, true), (room + 1, false)] {
            let answer = Array((start + String(repeating: "a", count: count) + end + "abc").utf8)
            let (progress, reading) = try read([Array(answer[..<9000]), Array(answer[9000...])])
            #expect((progress == .finished(keepsConnection: true)) == fits)
            #expect(reading.body == (fits ? Array("abc".utf8) : []))
        }
    }

    @Test func informationalAnswersAreCountedAndShareTheBoundOfTheHead() throws {
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let early = "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
        for (count, isRead) in [(8, true), (9, false)] {
            let (progress, _) = try read([Array((String(repeating: early, count: count) + ok).utf8)])
            #expect((progress == .finished(keepsConnection: true)) == isRead)
        }
        let long = "HTTP/1.1 103 Early\r\nLink: " + String(repeating: "x", count: 6 << 10) + "\r\n\r\n"
        guard case .failed = try read([Array((long + long + long + ok).utf8)]).0 else {
            Issue.record("18 KiB of informational answers were read")
            return
        }
    }

    @Test func theBodyIsBoundedHoweverItComes() throws {
        var bounds = AnswerBounds()
        bounds.bodyBytes = 100
        bounds.bodyKept = 10
        let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        for size in [1, 7, 100, 101, 1000] {
            let piece = [UInt8](repeating: 65, count: size)
            let (progress, reading) = try read([head] + Array(repeating: piece, count: 200), bounds: bounds)
            #expect(progress == .finished(keepsConnection: false))
            #expect(reading.body.count == 10)
            #expect(reading.isTruncated)
        }
    }

    @Test func aBodyOfJustTheBoundIsWhole() throws {
        var bounds = AnswerBounds()
        bounds.bodyBytes = 100
        bounds.bodyKept = 100
        let answer = Array(("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "a", count: 100)).utf8)
        for size in [1, 7, answer.count] {
            let pieces = stride(from: 0, to: answer.count, by: size)
                .map { Array(answer[$0..<min($0 + size, answer.count)]) }
            let (progress, reading) = try read(pieces, bounds: bounds)
            #expect(progress == .finished(keepsConnection: true))
            #expect(reading.body.count == 100)
            #expect(!reading.isTruncated)
        }
    }

    /// Random mutations of good answers must end somewhere lawful: no trap in the decoder, bounds kept, the same
    /// whatever the pieces.
    @Test func mutatedAnswersNeverTrapAndDoNotDependOnPieces() throws {
        var random = SeededRandom(seed: 0x9E37_79B9_7F4A_7C15)
        let spice = Array("\r\n:;, \t0123456789abcdefHTTP/.\u{0}".utf8) + [0xFF]
        for _ in 1...5_000 {
            var bytes = Array(Self.answers[Int.random(in: 0..<Self.answers.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = spice[Int.random(in: 0..<spice.count, using: &random)]
                case 1: bytes.insert(spice[Int.random(in: 0..<spice.count, using: &random)], at: place)
                default: bytes.remove(at: place)
                }
            }
            let whole = try read([bytes], ends: true)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let pieces = try read([Array(bytes[..<cut]), Array(bytes[cut...])], ends: true)
            guard whole.1.status == pieces.1.status, whole.1.body == pieces.1.body,
                whole.1.body.count <= AnswerBounds().bodyKept
            else {
                Issue.record("\(bytes) cut at \(cut)")
                return
            }
        }
    }
}
