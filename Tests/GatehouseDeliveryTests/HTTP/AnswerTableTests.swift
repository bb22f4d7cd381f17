import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseDelivery

/// Answers as receivers write them, byte for byte: what is read of each, and whether its connection serves another
/// request. Answers that other clients accept are accepted here.
@Suite struct AnswerTableTests {
    /// One answer, and what is right.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let right: Right
        var method = HTTPRequest.Method.post

        var testDescription: String { name }
    }

    enum Right: Sendable, Equatable {
        /// The status, the body as far as it is kept, and whether the connection is kept.
        case taken(Int, String, isKept: Bool)
        /// No answer: a failed try.
        case refused
    }

    private static func row(
        _ name: String, _ text: String, _ right: Right, to method: HTTPRequest.Method = .post
    ) -> Row {
        Row(name: name, bytes: Array(text.utf8), right: right, method: method)
    }

    private static let ok = "HTTP/1.1 200 OK\r\n"
    private static let five = "Content-Length: 5\r\n"
    private static let hello = Right.taken(200, "hello", isKept: true)
    private static let closed = Right.taken(200, "hello", isKept: false)
    private static let bare = Right.taken(200, "", isKept: false)

    static let rows: [Row] = clean + statusLines + sloppyFields + lengths + codings + bounds + informational + cut

    // swift-format-ignore
    private static let clean: [Row] = [
        row("a length",             ok + five + "\r\nhello", hello),
        row("no body",              ok + "Content-Length: 0\r\n\r\n", .taken(200, "", isKept: true)),
        row("zeros before",         ok + "Content-Length: 0005\r\n\r\nhello", hello),
        row("blanks around",        ok + "Content-Length: \t 5 \t\r\n\r\nhello", hello),
        row("no blank",             ok + "content-length:5\r\n\r\nhello", hello),
        row("chunks",               ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", hello),
        row("chunk extensions",     ok + "Transfer-Encoding: chunked\r\n\r\n5 ; a=\"b\"\r\nhello\r\n0;x\r\n\r\n", hello),
        row("trailers",             ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\nZ: \r\n\r\n", hello),
        row("letters as digits",    ok + "Transfer-Encoding: CHUNKED\r\n\r\n0000A\r\n0123456789\r\n0\r\n\r\n", .taken(200, "0123456789", isKept: true)),
        row("another coding first", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", hello),
        row("no reason",            "HTTP/1.1 200 \r\n" + five + "\r\nhello", hello),
        row("no blank behind",      "HTTP/1.1 200\r\n" + five + "\r\nhello", hello),
        row("a field's value in Latin-1", "HTTP/1.1 200 OK\r\nX: \u{e9}\r\n" + five + "\r\nhello", hello),
        row("an empty field",       ok + "X:\r\n" + five + "\r\nhello", hello),
        row("until the end",        ok + "\r\nhello", closed),
        row("asked to close",       ok + "Connection: close\r\n" + five + "\r\nhello", closed),
        row("asked to close, in a list", ok + "Connection: x, CLOSE ,y\r\n" + five + "\r\nhello", closed),
        row("asked to close, twice said", ok + "Connection: x\r\nConnection: close\r\n" + five + "\r\nhello", closed),
        row("an option that only begins so", ok + "Connection: closed\r\n" + five + "\r\nhello", hello),
        row("204",                  "HTTP/1.1 204 No Content\r\n\r\n", .taken(204, "", isKept: true)),
        row("204 with a length",    "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", .taken(204, "", isKept: false)),
        row("204 with no bytes",    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", .taken(204, "", isKept: true)),
        row("204 with a coding",    "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", .taken(204, "", isKept: false)),
        row("204 with a body",      "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", .taken(204, "", isKept: false)),
        row("304",                  "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", .taken(304, "", isKept: false)),
        row("304 without a length", "HTTP/1.1 304 Not Modified\r\n\r\n", .taken(304, "", isKept: true)),
        row("to HEAD",              ok + five + "\r\n", .taken(200, "", isKept: true), to: .head),
        row("to HEAD, in chunks",   ok + "Transfer-Encoding: chunked\r\n\r\n", .taken(200, "", isKept: true), to: .head),
        row("HTTP/1.0",             "HTTP/1.0 200 OK\r\n" + five + "\r\nhello", closed),
        row("HTTP/1.0, kept",       "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + five + "\r\nhello", hello),
        row("HTTP/1.0 until the end", "HTTP/1.0 200 OK\r\n\r\nhello", closed),
        row("more than the length", ok + five + "\r\nhello!", closed),
        row("a second answer",      ok + five + "\r\nhello" + ok + "\r\n", closed),
        row("a line break behind",  ok + five + "\r\nhello\r\n", closed),
    ]

    // swift-format-ignore
    private static let statusLines: [Row] = [
        row("999",                  "HTTP/1.1 999 Odd\r\n" + five + "\r\nhello", .taken(999, "hello", isKept: true)),
        row("410",                  "HTTP/1.1 410 Gone\n\n", .taken(410, "", isKept: false)),
        row("HTTP/1.2",             "HTTP/1.2 200 OK\r\n" + five + "\r\nhello", hello),
        row("HTTP/2.0 in words",    "HTTP/2.0 200 OK\r\n" + five + "\r\nhello", closed),
        row("two blanks",           "HTTP/1.1  200 OK\r\n" + five + "\r\nhello", closed),
        row("a tab",                "HTTP/1.1\t200\tOK\r\n" + five + "\r\nhello", closed),
        row("a line break before",  "\r\nHTTP/1.1 200 OK\r\n" + five + "\r\nhello", closed),
        row("a reason with NUL",    "HTTP/1.1 200 O\0K\r\n" + five + "\r\nhello", closed),
        row("words for digits",     "HTTP/1.1 OK 200\r\n\r\n", .refused),
        row("two digits",           "HTTP/1.1 20\r\n\r\n", .refused),
        row("four digits",          "HTTP/1.1 2000 OK\r\n\r\n", .refused),
        row("099",                  "HTTP/1.1 099 Low\r\n\r\n", .refused),
        row("digits and a letter",  "HTTP/1.1 200OK\r\n\r\n", .refused),
        row("no version",           "HTTP 200 OK\r\n\r\n", .refused),
        row("another protocol",     "SIP/2.0 200 OK\r\n\r\n", .refused),
        row("another greeting",     "220 mail ESMTP\r\n", .refused),
        row("HTTP/0.9",             "<html>hello</html>\n", .refused),
        row("101",                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .refused),
        row("an endless reason",    "HTTP/1.1 200 " + String(repeating: "a", count: 65 << 10), .refused),
    ]

    // swift-format-ignore
    private static let sloppyFields: [Row] = [
        row("line feeds alone",     "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", closed),
        row("one line feed alone",  ok + "Content-Length: 5\n\r\nhello", closed),
        row("the last one alone",   ok + five + "\nhello", closed),
        row("folded",               ok + "X: a\r\n  b\r\n\tc\r\n" + five + "\r\nhello", closed),
        row("folded at once",       ok + " X: a\r\n" + five + "\r\nhello", closed),
        row("a folded length",      ok + "Content-Length: 5\r\n 5\r\n\r\nhello", bare),
        row("an empty fold",        ok + "Content-Length: 5\r\n \r\n\r\nhello", closed),
        row("a folded coding",      ok + "Transfer-Encoding: chunked\r\n , gzip\r\n\r\nhello", bare),
        row("no colon",             ok + "hello\r\n" + five + "\r\nhello", closed),
        row("no name",              ok + ": a\r\n" + five + "\r\nhello", closed),
        row("a name of two words",  ok + "X Y: a\r\n" + five + "\r\nhello", closed),
        row("a blank before the colon", ok + "Content-Length : 5\r\n\r\nhello", closed),
        row("a name in Latin-1",    ok + "\u{e9}: a\r\n" + five + "\r\nhello", closed),
        row("NUL",                  ok + "X: a\0b\r\n" + five + "\r\nhello", closed),
        row("a stray carriage return", ok + "X: a\rb\r\n" + five + "\r\nhello", closed),
        row("carriage returns alone", ok + "X: a\r\r\n" + five + "\r\nhello", closed),
    ]

    // swift-format-ignore
    private static let lengths: [Row] = [
        row("two equal lengths",    ok + five + five + "\r\nhello", closed),
        row("two equal in a list",  ok + "Content-Length: 5, 5\r\n\r\nhello", closed),
        row("two unequal lengths",  ok + five + "Content-Length: 4\r\n\r\nhello", bare),
        row("unequal in a list",    ok + "Content-Length: 5, 4\r\n\r\nhello", bare),
        row("an empty length",      ok + "Content-Length:\r\n\r\nhello", bare),
        row("an empty one more",    ok + "Content-Length: 5,\r\n\r\nhello", bare),
        row("a length below zero",  ok + "Content-Length: -5\r\n\r\nhello", bare),
        row("a length with a sign", ok + "Content-Length: +5\r\n\r\nhello", bare),
        row("a length in words",    ok + "Content-Length: five\r\n\r\nhello", bare),
        row("a length in hexadecimal", ok + "Content-Length: 0x5\r\n\r\nhello", bare),
        row("a length over 64 bits", ok + "Content-Length: 99999999999999999999\r\n\r\nhello", bare),
        row("a length that lies",   ok + "Content-Length: 50\r\n\r\nhello", closed),
        row("two lengths of a 204", "HTTP/1.1 204 No\r\n" + five + "Content-Length: 4\r\n\r\n", .taken(204, "", isKept: false)),
    ]

    // swift-format-ignore
    private static let codings: [Row] = [
        row("both framings",        ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", closed),
        row("the other way round",  ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", closed),
        row("chunks of HTTP/1.0",   "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", closed),
        row("chunked twice",        ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", closed),
        row("chunked in between",   ok + "Transfer-Encoding: chunked, gzip\r\n\r\nhello", closed),
        row("an unknown coding",    ok + "Transfer-Encoding: xchunked\r\n\r\nhello", closed),
        row("no size",              ok + "Transfer-Encoding: chunked\r\n\r\n\r\nhello", bare),
        row("a size in words",      ok + "Transfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n", bare),
        row("a size below zero",    ok + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", bare),
        row("a size over 64 bits",  ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello", bare),
        row("a chunk that is longer", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n", closed),
        row("a chunk that is shorter", ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello", closed),
        row("chunks by line feeds", ok + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n", closed),
        row("no last chunk",        ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", closed),
        row("a malformed trailer",  ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nno colon\0\r\n\r\n", closed),
    ]

    // swift-format-ignore
    private static let bounds: [Row] = [
        row("a field of 20 KB",     ok + "X: " + String(repeating: "a", count: 20_000) + "\r\n" + five + "\r\nhello", hello),
        row("120 fields",           ok + String(repeating: "A: b\r\n", count: 120) + five + "\r\nhello", hello),
        row("200 fields",           ok + String(repeating: "A: b\r\n", count: 199) + five + "\r\nhello", hello),
        row("201 fields",           ok + String(repeating: "A: b\r\n", count: 200) + five + "\r\nhello", bare),
        row("a head of 65 KiB",     ok + "X: " + String(repeating: "a", count: 65 << 10) + "\r\n\r\nhello", bare),
        row("a head without an end", ok + String(repeating: "a", count: 65 << 10), bare),
    ]

    // swift-format-ignore
    private static let informational: [Row] = [
        row("one before",           "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + ok + five + "\r\nhello", hello),
        row("one with a length",    "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n" + ok + five + "\r\nhello", hello),
        row("one by line feeds",    "HTTP/1.1 100 Continue\n\n" + ok + five + "\r\nhello", closed),
        row("eight before",         String(repeating: "HTTP/1.1 102 Wait\r\n\r\n", count: 8) + ok + five + "\r\nhello", hello),
        row("nine before",          String(repeating: "HTTP/1.1 102 Wait\r\n\r\n", count: 9) + ok + five + "\r\nhello", .refused),
        row("nothing behind",       "HTTP/1.1 100 Continue\r\n\r\n", .refused),
    ]

    // swift-format-ignore
    private static let cut: [Row] = [
        row("nothing",              "", .refused),
        row("a cut status line",    "HTTP/1.1 20", .refused),
        row("a status line alone",  ok, .refused),
        row("a cut field",          ok + "X: ", .refused),
        row("a cut field behind a malformed one", ok + "hello\r\n a\r\nX", .refused),
        row("no empty line",        ok + five, .refused),
        row("half an empty line",   ok + five + "\r", .refused),
        row("a cut body",           ok + "Content-Length: 9\r\n\r\nhello", closed),
        row("a body that never comes", ok + five + "\r\n", bare),
    ]

    @Test func thereAreEnoughOfThem() {
        #expect(Self.rows.count >= 60)
        #expect(Set(Self.rows.map(\.name)).count == Self.rows.count)
    }

    /// Whole, byte by byte, and in two pieces cut at every place; then the connection ends.
    @Test(arguments: rows)
    func answerIsReadCorrectlyInAnyPieces(_ row: Row) {
        #expect(Reading(row.bytes.map { [$0] }, to: row.method).right == row.right, "byte by byte")
        let step = row.bytes.count < 2_000 ? 1 : row.bytes.count / 20
        for cut in stride(from: 0, through: row.bytes.count, by: step) {
            let reading = Reading([Array(row.bytes[..<cut]), Array(row.bytes[cut...])], to: row.method)
            guard reading.right == row.right else {
                Issue.record("cut at \(cut): \(reading.right), \(reading.progress)")
                return
            }
        }
    }
}

/// The result of reading an answer in pieces, followed by the end of the connection.
struct Reading {
    private(set) var reader = AnswerReader()
    private(set) var progress = AnswerReader.Progress.unfinished

    init(
        _ pieces: [[UInt8]], ends: Bool = true, to method: HTTPRequest.Method = .post,
        bounds: AnswerBounds = AnswerBounds()
    ) {
        reader.begin(method, bounds: bounds)
        var rest = pieces[...]
        while progress == .unfinished, let piece = rest.popFirst() {
            progress = piece.withUnsafeBytes { reader.read($0) }
        }
        // Bytes on an idle connection end it.
        if rest.contains(where: { !$0.isEmpty }), case .finished = progress {
            progress = .finished(keepsConnection: false)
        }
        if progress == .unfinished, ends { progress = reader.readEnd() }
    }

    var reading: AnswerReading { reader.reading }

    var right: AnswerTableTests.Right {
        guard case .finished(let isKept) = progress else { return .refused }
        return .taken(reading.status, String(decoding: reading.body, as: UTF8.self), isKept: isKept)
    }
}
