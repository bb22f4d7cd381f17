import HTTPTypes
import Testing

@testable import GatehouseDelivery

@Suite struct AnswerParserTests {
    /// Feeds an answer in pieces and gives the last progress and what was read.
    private func parse(_ pieces: [[UInt8]], ends: Bool = false, bounds: AnswerBounds = AnswerBounds())
        -> (AnswerParser.Progress, AnswerReading)
    {
        var parser = AnswerParser(bounds: bounds)
        for piece in pieces {
            let progress = piece.withUnsafeBytes { parser.read($0) }
            guard progress == .unfinished else { return (progress, parser.reading) }
        }
        return (ends ? parser.readEnd() : .unfinished, parser.reading)
    }

    static let answers: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200\r\ntransfer-encoding: gzip, Chunked\r\n\r\n3;a=b\r\nhel\r\n02\r\nlo\r\n000\r\nT: v\r\n\r\n",
        "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 200 OK\r\nRetry-After: 7\r\nX: \u{e9}\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    ]

    @Test(arguments: answers)
    func piecesOfAnySizeMakeTheSameAnswer(_ answer: String) {
        let bytes = Array(answer.utf8)
        for cut in 0...bytes.count {
            let (progress, reading) = parse([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(progress == .finished(keepsConnection: true))
            #expect(reading.status == 200)
            #expect(reading.body == Array("hello".utf8))
            #expect(!reading.isTruncated)
        }
        let (progress, reading) = parse(bytes.map { [$0] })
        #expect(progress == .finished(keepsConnection: true))
        #expect(reading.body == Array("hello".utf8))
    }

    @Test func anAnswerWithoutALengthEndsWithItsConnection() {
        let (progress, reading) = parse([Array("HTTP/1.0 200 OK\r\n\r\nhel".utf8), Array("lo".utf8)], ends: true)
        #expect(progress == .finished(keepsConnection: false))
        #expect(reading.body == Array("hello".utf8))
        #expect(!reading.isTruncated)
    }

    @Test func oldHTTPKeepsTheConnectionOnlyWhereItSaysSo() {
        let plain = parse([Array("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)])
        #expect(plain.0 == .finished(keepsConnection: false))
        let kept = parse([Array("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n".utf8)])
        #expect(kept.0 == .finished(keepsConnection: true))
    }

    @Test func anAnswerToHEADHasNoBody() {
        var parser = AnswerParser(bounds: AnswerBounds(), answersHEAD: true)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".utf8)
        #expect(head.withUnsafeBytes { parser.read($0) } == .finished(keepsConnection: true))
    }

    @Test func aCutBodyIsMarkedAndTheStatusStands() {
        let (progress, reading) = parse([Array("HTTP/1.1 201 Made\r\nContent-Length: 9\r\n\r\nabc".utf8)], ends: true)
        #expect(progress == .finished(keepsConnection: false))
        #expect(reading.status == 201)
        #expect(reading.isTruncated)
    }

    @Test func theHeadIsBoundedHoweverItComes() {
        let head = Array(("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 20 << 10)).utf8)
        for size in [1, 7, 1000, 16384, 20_000] {
            let pieces = stride(from: 0, to: head.count, by: size).map { Array(head[$0..<min($0 + size, head.count)]) }
            guard case .failed = parse(pieces).0 else {
                Issue.record("pieces of \(size) bytes went over the bound")
                continue
            }
        }
    }

    @Test func theBodyIsBoundedHoweverItComes() {
        var bounds = AnswerBounds()
        bounds.bodyBytes = 100
        bounds.bodyKept = 10
        let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        for size in [1, 7, 100, 101, 1000] {
            let piece = [UInt8](repeating: 65, count: size)
            let (progress, reading) = parse([head] + Array(repeating: piece, count: 200), bounds: bounds)
            #expect(progress == .finished(keepsConnection: false))
            #expect(reading.body.count == 10)
            #expect(reading.isTruncated)
        }
    }

    /// Random mutations of good answers must end somewhere lawful: no trap, bounds kept, the same whatever the pieces.
    @Test func mutatedAnswersNeverTrapAndDoNotDependOnPieces() {
        var random = Seeded(state: 0x9E37_79B9_7F4A_7C15)
        let spice = Array("\r\n:;, \t0123456789abcdefHTTP/.\u{0}".utf8) + [0xFF]
        for _ in 1...20_000 {
            var bytes = Array(Self.answers[Int.random(in: 0..<Self.answers.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = spice[Int.random(in: 0..<spice.count, using: &random)]
                case 1: bytes.insert(spice[Int.random(in: 0..<spice.count, using: &random)], at: place)
                default: bytes.remove(at: place)
                }
            }
            let whole = parse([bytes], ends: true)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let pieces = parse([Array(bytes[..<cut]), Array(bytes[cut...])], ends: true)
            guard whole.1.status == pieces.1.status, whole.1.body == pieces.1.body,
                whole.1.body.count <= AnswerBounds().bodyKept
            else {
                Issue.record("\(bytes) cut at \(cut)")
                return
            }
        }
    }
}

/// SplitMix64: a generator whose seed reproduces a failure.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
