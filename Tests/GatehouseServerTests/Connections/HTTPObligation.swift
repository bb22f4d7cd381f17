/// The duties of a server under HTTP/1.1 (RFC 9110, RFC 9112), as received bytes, and the statuses and the connection's
/// state that follow. Every server or proxy in front of the routes must pass this table.
struct HTTPObligation: Sendable {
    /// The end of the exchange for the connection.
    enum End: Sendable {
        /// It accepts another request.
        case kept
        /// The server ends it.
        case closed
    }

    let name: String
    let bytes: String
    let statuses: [Int]
    let end: End
    /// Whether the caller closes its sending side.
    var closesWriting = false
    /// The clause that requires it.
    var clause = ""

    init(_ name: String, _ bytes: String, _ statuses: [Int], _ end: End, closesWriting: Bool = false) {
        self.name = name
        self.bytes = bytes
        self.statuses = statuses
        self.end = end
        self.closesWriting = closesWriting
    }

    /// The same rows, required by a clause.
    static func by(_ clause: String, _ rows: [HTTPObligation]) -> [HTTPObligation] {
        rows.map { row in
            var row = row
            row.clause = clause
            return row
        }
    }
}

extension HTTPObligation {
    static let all: [HTTPObligation] =
        by("RFC 9112, section 3.2", hosts) + by("RFC 9112, section 3.2", targets) + by("RFC 9112, section 6", framing)
        + by("RFC 9110, sections 5.4 and 15.5", bounds) + by("RFC 9112, sections 2 to 5", garbage)
        + by("RFC 9112, section 9", connections) + by("RFC 9112, sections 8 and 9.3", bodies) + exchanges

    static let event =
        #"{"specversion":"1.0","id":"1","source":"/p","type":"door.opened","organization":"acme","data":{}}"#
    static let key = "Authorization: Bearer \(TestServer.admin)"

    /// A request; the first field is the Host unless given otherwise.
    static func ask(
        _ line: String = "GET /livez HTTP/1.1", _ fields: [String] = [], host: String? = "x", body: String = ""
    ) -> String {
        ([line] + (host.map { ["Host: \($0)"] } ?? []) + fields).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    static func post(_ fields: [String], _ body: String, version: String = "1.1") -> String {
        ask("POST /v1/events HTTP/\(version)", [key, "Content-Type: application/json"] + fields, body: body)
    }

    // MARK: Host (RFC 9112, section 3.2)

    private static let hosts: [HTTPObligation] =
        [
            .init("no Host in HTTP/1.1", ask(host: nil), [400], .closed),
            .init("two Hosts", ask("GET /livez HTTP/1.1", ["Host: y"]), [400], .closed),
            .init("the same Host twice", ask("GET /livez HTTP/1.1", ["host: x"]), [400], .closed),
            .init("two Hosts in HTTP/1.0", ask("GET /livez HTTP/1.0", ["Host: y"]), [400], .closed),
            .init("no Host in HTTP/1.0", ask("GET /livez HTTP/1.0", host: nil), [200], .closed),
            .init("no Host at a route with a key", ask("GET /v1/kinds HTTP/1.1", [key], host: nil), [400], .closed),
            .init(
                "no Host at an intake",
                post([], "").replacing("Host: x\r\n", with: "Content-Length: 0\r\n"), [400], .closed),
        ]
        + strange.map { .init("a Host that is none: \($0)", ask(host: $0), [400], .closed) }
        + plain.map { .init("a Host of any name: \($0)", ask(host: $0), [200], .kept) }

    private static let strange: [String] = [
        "", "a b", "a/b", "a/", "a?b", "a#b", "user@a", "a:99999", "a:123456", "a:x", "a:1:2", "a:-1", "::1",
        "[::1", "[::1]x", "[::1]:x", "[zz]", "[]", "[v.x]", "[vx.1]", "[fe80::1%25eth0]", "\"", "a\\b", "é", "<a>",
        "%zz",
        "a%2", "a,b c", "http://a",
    ]

    private static let plain: [String] = [
        "x", "gatehouse.example", "GATEHOUSE.example.", "a:", "a:8080", "a:65535", "127.0.0.1", "127.0.0.1:1",
        "[::1]", "[::1]:8080", "[::ffff:10.0.0.1]", "[v1.fe80:a]", "xn--bcher-kva.example", "under_score",
        "a%20b", "a,b", "evil.example",
    ]

    // MARK: Targets (RFC 9112, section 3.2)

    private static let targets: [HTTPObligation] = [
        .init("an absolute target", ask("GET http://a.example:1/livez HTTP/1.1"), [200], .kept),
        .init("an absolute target with TLS's scheme", ask("GET HTTPS://a.example/livez HTTP/1.1"), [200], .kept),
        // The path is then /, which requires a key.
        .init("an absolute target without a path", ask("GET http://a.example HTTP/1.1"), [401], .kept),
        .init("an absolute target with a query", ask("GET http://a.example?x=1 HTTP/1.1"), [401], .kept),
        .init(
            "an absolute target does not stand for Host", ask("GET http://a/livez HTTP/1.1", host: nil),
            [400], .closed),
        .init("an absolute target with a user", ask("GET http://u@a/livez HTTP/1.1"), [400], .closed),
        .init("an absolute target without a host", ask("GET http:///livez HTTP/1.1"), [400], .closed),
        .init("an absolute target of another scheme", ask("GET ftp://a/livez HTTP/1.1"), [400], .closed),
        .init("a target that is no path", ask("GET livez HTTP/1.1"), [400], .closed),
        .init("the whole server", ask("OPTIONS * HTTP/1.1"), [404], .kept),
        .init("the whole server by another method", ask("GET * HTTP/1.1"), [400], .closed),
        .init("CONNECT", ask("CONNECT a.example:443 HTTP/1.1"), [405], .closed),
        .init("no target", ask("GET HTTP/1.1"), [400], .closed),
        .init("a target with NUL", ask("GET /li\u{0}vez HTTP/1.1"), [400], .closed),
    ]

    // MARK: Framing (RFC 9112, section 6)

    static let chunked = "Transfer-Encoding: chunked"
    static let inChunks = "\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n0\r\n\r\n"

    private static let framing: [HTTPObligation] =
        [
            .init("chunks", post([chunked], inChunks), [202], .kept),
            .init("chunks in capitals", post(["transfer-encoding: Chunked"], inChunks), [202], .kept),
            .init(
                "chunks with extensions and trailers",
                post(
                    [chunked],
                    inChunks.replacing("\r\n{", with: ";a=b\r\n{").replacing("0\r\n\r\n", with: "0\r\nX: y\r\n\r\n")),
                [202], .kept),
            .init("a length", post(["Content-Length: \(event.utf8.count)"], event), [202], .kept),
            .init(
                "chunks and a length", post([chunked, "Content-Length: \(event.utf8.count)"], inChunks),
                [400], .closed),
            .init("a length and chunks", post(["Content-Length: 4", chunked], inChunks), [400], .closed),
            .init("chunks in HTTP/1.0", post([chunked], inChunks, version: "1.0"), [400], .closed),
            .init("two lengths", post(["Content-Length: 5", "Content-Length: 6"], "hello!"), [400], .closed),
            .init("the same length twice", post(["Content-Length: 5", "Content-Length: 5"], "hello"), [400], .closed),
            .init("chunks twice", post([chunked, chunked], inChunks), [400], .closed),
            .init("a blank before the colon", post(["Transfer-Encoding : chunked"], inChunks), [400], .closed),
        ]
        + ["+5", "-5", "0x5", "5, 5", "5,6", "5 5", "five", "", "99999999999999999999999"].map {
            .init("a length that is none: \($0)", post(["Content-Length: \($0)"], "hello"), [400], .closed)
        }
        + ["gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "identity", "xchunked", "chunked;q=1", ""].map
    {
        .init("a coding that is not read: \($0)", post(["Transfer-Encoding: \($0)"], inChunks), [400], .closed)
    }
        + [
            "zz\r\nab\r\n", "-1\r\n", "fffffffffffffffff\r\n", "3\r\nabcde\r\n", "\r\n", " 3\r\nabc\r\n",
            "0x3\r\nabc\r\n",
        ].map {
            .init("a chunk that is none: \($0.debugDescription)", post([chunked], $0), [400], .closed)
        }

    // MARK: Bounds

    private static let bounds: [HTTPObligation] = [
        .init("a long target", ask("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1"), [414], .kept),
        .init("a much too long target", ask("GET /\(String(repeating: "a", count: 150_000)) HTTP/1.1"), [431], .closed),
        .init("many fields", ask("GET /livez HTTP/1.1", (0..<60).map { "x-\($0): y" }), [431], .kept),
        .init("much too many fields", ask("GET /livez HTTP/1.1", (0..<900).map { "x-\($0): y" }), [431], .closed),
        .init("a large field", ask("GET /livez HTTP/1.1", ["x: " + String(repeating: "y", count: 9000)]), [431], .kept),
        .init(
            "a much too large field", ask("GET /livez HTTP/1.1", ["x: " + String(repeating: "y", count: 150_000)]),
            [431], .closed),
        .init("a body beyond its bound, announced", post(["Content-Length: 9000000"], "["), [413], .closed),
        .init(
            "a body a little beyond its bound, announced",
            post(["Content-Length: 100001"], String(repeating: " ", count: 100_001)), [413], .kept),
        .init(
            "a body beyond its bound in chunks",
            post(
                [chunked, "Connection: close"],
                String(repeating: "8000\r\n\(String(repeating: " ", count: 0x8000))\r\n", count: 16)),
            [413], .closed),
    ]

    // MARK: Bytes that are not HTTP/1.1

    private static let garbage: [HTTPObligation] =
        [
            "GARBAGE\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /livez HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET /livez HTTP/1.2\r\nHost: x\r\n\r\n",
            "GET /livez HTTP/2.0\r\nHost: x\r\n\r\n", "GET /livez http/1.1\r\nHost: x\r\n\r\n",
            "GET /livez\r\nHost: x\r\n\r\n",
            "get /livez HTTP/1.1\r\nHost: x\r\n\r\n", "FOO /livez HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: x\r\nx: a\u{0}b\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: x\r\nx\u{0}: a\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: x\r\nx: a\rb: c\r\n\r\n", "GET /livez HTTP/1.1\r\n Host: x\r\n\r\n",
        ].map { .init("no HTTP/1.1: \($0.debugDescription)", $0, [400], .closed) } + [
            .init("a blank line before", "\r\n" + ask(), [200], .kept),
            .init("a head that breaks off", "GET /livez HTTP/1.1\r\nHo", [400], .closed, closesWriting: true),
            .init("nothing at all", "", [], .closed, closesWriting: true),
        ]

    // MARK: Connections (RFC 9112, section 9)

    private static let connections: [HTTPObligation] = [
        .init("two requests at once", ask() + ask("GET /readyz HTTP/1.1"), [200, 200], .kept),
        .init(
            "one with a body and one without", post(["Content-Length: \(event.utf8.count)"], event) + ask(),
            [202, 200], .kept),
        .init("one and garbage", ask() + "GARBAGE\r\n\r\n", [200, 400], .closed),
        .init("one and another without Host", ask() + ask(host: nil), [200, 400], .closed),
        .init("close", ask("GET /livez HTTP/1.1", ["Connection: close"]), [200], .closed),
        .init("Close", ask("GET /livez HTTP/1.1", ["Connection: Close"]), [200], .closed),
        .init("close among others", ask("GET /livez HTTP/1.1", ["Connection: x, close"]), [200], .closed),
        .init(
            "what follows close is not answered", ask("GET /livez HTTP/1.1", ["Connection: close"]) + ask(), [200],
            .closed),
        .init("HTTP/1.0", ask("GET /livez HTTP/1.0"), [200], .closed),
        .init("HTTP/1.0 that is kept", ask("GET /livez HTTP/1.0", ["Connection: keep-alive"]), [200], .kept),
        .init("HEAD", ask("HEAD /livez HTTP/1.1"), [200], .kept),
        .init("HEAD of a problem", ask("HEAD /nothing HTTP/1.1"), [404], .kept),
        .init("a method that no route has", ask("TRACE /livez HTTP/1.1"), [405], .kept),
        .init(
            "an upgrade that is not taken", ask("GET /livez HTTP/1.1", ["Connection: Upgrade", "Upgrade: h2c"]), [200],
            .closed),
        .init("a caller that says no more", ask(), [200], .closed, closesWriting: true),
    ]

    // MARK: Bodies that are not read, or incomplete

    private static let bodies: [HTTPObligation] = [
        .init(
            "a body at a route that reads none", ask("GET /livez HTTP/1.1", ["Content-Length: 5"], body: "hello"),
            [200], .kept),
        .init(
            "a small body without a key",
            ask("POST /v1/events HTTP/1.1", ["Content-Length: 5"], body: "hello"), [401], .kept),
        .init(
            "a large body without a key, unsent", ask("POST /v1/events HTTP/1.1", ["Content-Length: 9000000"]), [401],
            .closed),
        .init("a body that breaks off", post(["Content-Length: 500"], event), [400], .closed, closesWriting: true),
        .init("chunks that break off", post([chunked], "5\r\nhe"), [400], .closed, closesWriting: true),
    ]
}
