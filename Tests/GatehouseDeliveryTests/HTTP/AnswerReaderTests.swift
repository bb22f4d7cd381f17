import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseDelivery

/// The bounds on answers, the kept parts, and answers that no server would write.
@Suite struct AnswerReaderTests {
    private static func pieces(_ bytes: [UInt8], of size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    @Test func aCutBodyIsMarkedAndTheStatusStands() {
        let reading = Reading([Array("HTTP/1.1 201 Made\r\nContent-Length: 9\r\n\r\nabc".utf8)])
        #expect(reading.progress == .finished(keepsConnection: false))
        #expect(reading.reading.status == 201)
        #expect(reading.reading.isTruncated)
    }

    @Test func aBodyThatEndsWithItsConnectionIsWhole() {
        let reading = Reading([Array("HTTP/1.0 200 OK\r\n\r\nhel".utf8), Array("lo".utf8)])
        #expect(reading.reading.body == Array("hello".utf8))
        #expect(!reading.reading.isTruncated)
    }

    @Test func aHeadOfJustTheBoundIsReadAndOneMoreByteIsNot() {
        let (start, end) = ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX: ", "\r\n\r\n")
        let room = AnswerBounds().headBytes - start.utf8.count - end.utf8.count
        for (count, fits) in [(room, true), (room + 1, false)] {
            let answer = Array((start + String(repeating: "a", count: count) + end + "abc").utf8)
            for size in [1, 9_000, answer.count] {
                let reading = Reading(Self.pieces(answer, of: size))
                #expect(reading.progress == .finished(keepsConnection: fits))
                #expect(reading.reading.status == 200)
                #expect(reading.reading.body == (fits ? Array("abc".utf8) : []))
            }
        }
    }

    @Test func informationalAnswersShareTheBoundOfTheHead() {
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let long = "HTTP/1.1 103 Early\r\nLink: " + String(repeating: "x", count: 22 << 10) + "\r\n\r\n"
        #expect(Reading([Array((long + long + ok).utf8)]).progress == .finished(keepsConnection: true))
        guard case .failed = Reading([Array((long + long + long + ok).utf8)]).progress else {
            Issue.record("66 KiB of informational answers were read")
            return
        }
    }

    @Test func theBodyIsBoundedHoweverItComes() {
        var bounds = AnswerBounds()
        bounds.bodyBytes = 100
        bounds.bodyKept = 10
        let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        for size in [1, 7, 100, 101, 1000] {
            let piece = [UInt8](repeating: 65, count: size)
            let reading = Reading([head] + Array(repeating: piece, count: 200), ends: false, bounds: bounds)
            #expect(reading.progress == .finished(keepsConnection: false))
            #expect(reading.reading.body.count == 10)
            #expect(reading.reading.isTruncated)
        }
    }

    @Test func aBodyOfJustTheBoundIsWhole() {
        var bounds = AnswerBounds()
        bounds.bodyBytes = 100
        bounds.bodyKept = 100
        let body = String(repeating: "a", count: 100)
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n\(body)\r\n0\r\n\r\n",
        ] {
            for size in [1, 7, answer.utf8.count] {
                let reading = Reading(Self.pieces(Array(answer.utf8), of: size), ends: false, bounds: bounds)
                #expect(reading.progress == .finished(keepsConnection: true))
                #expect(reading.reading.body.count == 100)
                #expect(!reading.reading.isTruncated)
            }
        }
    }

    /// Chunk lines and trailers have no bound of their own: they share that of the whole answer.
    @Test(arguments: ["1\r\na\r\n", "1;", "0\r\nA: b\r\nA: b\r\n"])
    func framingThatNeverEndsIsCut(_ start: String) {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + start
        let more = Array((start.hasPrefix("0") ? "A: b\r\n" : start.hasSuffix(";") ? "aaaaaa" : start).utf8)
        let count = (AnswerBounds().headBytes + AnswerBounds().bodyBytes) / more.count + 1
        let reading = Reading([Array(head.utf8)] + Array(repeating: more, count: count), ends: false)
        #expect(reading.progress == .finished(keepsConnection: false))
        #expect(reading.reading.status == 200)
    }

    @Test(arguments: [
        ("Retry-After: 120\r\n", "120"), ("retry-AFTER:\t120 \r\n", "120"),
        ("Retry-After: 1\r\nRetry-After: 2\r\n", "1"),
        ("Retry-After: Fri, 31 Dec 1999\r\n 23:59:59 GMT\r\n", "Fri, 31 Dec 1999 23:59:59 GMT"),
        ("hello\r\nRetry-After: 5\r\n", "5"), ("Retry-After-Not: 5\r\n", nil),
        ("Retry-After: " + String(repeating: "9", count: 65) + "\r\n", nil),
    ])
    func retryAfterIsReadFromSloppyHeadsToo(_ fields: String, _ expected: String?) {
        let reading = Reading([Array("HTTP/1.1 503 Busy\r\n\(fields)Content-Length: 0\r\n\r\n".utf8)])
        #expect(reading.reading.status == 503)
        #expect(reading.reading.retryAfter == expected)
    }

    @Test func fieldsAreKeptWhereTheyAreAskedFor() throws {
        var bounds = AnswerBounds()
        let answer = Array("HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A:  2\r\n 3\r\na b: c\r\nContent-Length: 0\r\n\r\n".utf8)
        #expect(Reading([answer], bounds: bounds).reading.fields == nil)
        bounds.keepsFields = true
        let fields = try #require(Reading([answer], bounds: bounds).reading.fields)
        #expect(fields[values: try #require(HTTPField.Name("x-a"))] == ["1", "2 3"])
        #expect(fields.count == 3)
    }

    @Test func aReaderForgetsTheAnswerBefore() {
        var reader = AnswerReader()
        for text in ["HTTP/1.1 200 OK\r\nRetry-After: 1\r\nContent-Len", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 5"] {
            reader.begin(.post, bounds: AnswerBounds())
            #expect(Array(text.utf8).withUnsafeBytes { reader.read($0) } == .unfinished)
        }
        reader.begin(.post, bounds: AnswerBounds())
        let progress = Array("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n".utf8).withUnsafeBytes { reader.read($0) }
        #expect(progress == .finished(keepsConnection: true))
        #expect(reader.reading.status == 201 && reader.reading.retryAfter == nil)
    }

    // MARK: Chance

    /// Good answers with random changes: bounds are kept, the end comes, and the pieces make no difference.
    @Test func changedAnswersEndWithinTheRulesInAnyPieces() {
        var random = SeededRandom.fresh()
        let seed = random.seed
        let spice = Array("\r\n:;, \t0123456789abcdefHTTP/.\u{0}".utf8) + [0xFF]
        let rows = AnswerTableTests.rows.filter { $0.bytes.count < 500 && !$0.bytes.isEmpty }
        for _ in 1...5_000 {
            guard let row = rows.randomElement(using: &random) else { return }
            var bytes = row.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
                case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                default: bytes.remove(at: place)
                }
            }
            let whole = Reading([bytes], to: row.method)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let pieces = Reading([Array(bytes[..<cut]), Array(bytes[cut...])], to: row.method)
            let single = Reading(bytes.map { [$0] }, to: row.method)
            guard whole.progress != .unfinished, whole.right == pieces.right, whole.right == single.right,
                whole.reading.body.count <= AnswerBounds().bodyKept
            else {
                Issue.record("\(seed): \(bytes) cut at \(cut)")
                return
            }
        }
    }

    /// With any bytes between a status line and an empty line, the status counts.
    @Test func aWholeHeadAlwaysGivesItsStatus() {
        var random = SeededRandom.fresh()
        let seed = random.seed
        let spice = Array("\r:;, \t\u{0}0123456789chunked".utf8) + [0xFF, 0x80]
        let starts = ["x", " ", ":", "Content-Length: ", "Transfer-Encoding: chunked", "Connection: ", "Retry-After:"]
        for _ in 1...5_000 {
            let status = Int.random(in: 200...999, using: &random)
            var head = Array("HTTP/1.1 \(status) Fine\r\n".utf8)
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                // An empty line would be the end of the head.
                head += Array((starts.randomElement(using: &random) ?? "x").utf8)
                for _ in 0..<Int.random(in: 0...40, using: &random) {
                    head.append(spice.randomElement(using: &random) ?? 0)
                }
                head += Bool.random(using: &random) ? [0x0D, 0x0A] : [0x0A]
            }
            head += Bool.random(using: &random) ? [0x0D, 0x0A] : [0x0A]
            let cut = Int.random(in: 0...head.count, using: &random)
            let reading = Reading([Array(head[..<cut]), Array(head[cut...])])
            guard case .finished = reading.progress, reading.reading.status == status else {
                Issue.record("\(seed): \(head)")
                return
            }
        }
    }

    @Test func noiseIsNoAnswerAndEnds() {
        var random = SeededRandom.fresh()
        let seed = random.seed
        for _ in 1...2_000 {
            let noise = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            guard case .failed = Reading([noise]).progress else {
                Issue.record("\(seed): \(noise)")
                return
            }
        }
    }
}
