/// The consequences of single clauses, row by row.
extension HTTPObligation {
    static let exchanges: [HTTPObligation] =
        by("RFC 9110, section 10.1.1", expectations) + by("RFC 9112, sections 6.3 and 9.3", old)
        + by("RFC 9112, section 2.2", lineEnds) + by("RFC 9112, sections 5.1 and 5.2", fieldLines)
        + by("RFC 9112, section 7.1", chunks) + by("RFC 9110, section 8.4", codings)
        + by("RFC 9110, sections 9.3 and 15.5.6", methods) + by("RFC 3986, section 2.1", escapes)
        + by("RFC 9110, section 7.8", upgrades) + by("RFC 9112, section 9.3.2", pipelines)

    private static let length = "Content-Length: \(event.utf8.count)"

    // MARK: Expect

    private static let expectations: [HTTPObligation] =
        [
            // The body comes with the head: the caller does not wait for permission.
            .init("leave that is not waited for", post([length, "Expect: 100-continue"], event), [202], .kept),
            .init("leave by another spelling", post([length, "expect: 100-Continue"], event), [202], .kept),
            .init("leave for a body in chunks", post([chunked, "Expect: 100-continue"], inChunks), [202], .kept),
            .init("leave for no body", ask("GET /livez HTTP/1.1", ["Expect: 100-continue"]), [200], .kept),
            .init("no expectation", post([length, "Expect: ,"], event), [202], .kept),
            .init(
                "leave without a key: the final status instead",
                ask("POST /v1/events HTTP/1.1", ["Content-Length: 50", "Expect: 100-continue"]), [401], .closed),
            .init(
                "leave beyond the bound: the final status instead",
                post(["Content-Length: 9000000", "Expect: 100-continue"], ""), [413], .closed),
            .init(
                "leave for a coding that is not read",
                post(["Content-Length: 50", "Content-Encoding: br", "Expect: 100-continue"], ""), [415], .closed),
            .init(
                "leave where there is no route",
                ask("POST /nothing HTTP/1.1", ["Content-Length: 50", "Expect: 100-continue"]), [404], .closed),
            .init(
                "leave where the body is not read",
                ask("GET /livez HTTP/1.1", ["Content-Length: 50", "Expect: 100-continue"]), [200], .closed),
            .init(
                "HTTP/1.0 expects nothing", post([length, "Expect: 100-continue"], event, version: "1.0"), [202],
                .closed),
            .init("HTTP/1.0 expects nothing else", post([length, "Expect: x"], event, version: "1.0"), [202], .closed),
        ]
        + ["x", "200-ok", "100-continue, x", "100-continue;q=1", "\"100-continue\""].map {
            .init("an expectation that is not met: \($0)", post([length, "Expect: \($0)"], event), [417], .closed)
        }

    // MARK: HTTP/1.0

    private static let old: [HTTPObligation] = [
        .init("a body in HTTP/1.0", post([length], event, version: "1.0"), [202], .closed),
        .init("a kept connection", post([length, "Connection: keep-alive"], event, version: "1.0"), [202], .kept),
        .init(
            "what follows in HTTP/1.0 is not answered", ask("GET /livez HTTP/1.0", host: nil) + ask(), [200], .closed),
        .init("HEAD in HTTP/1.0", ask("HEAD /livez HTTP/1.0", ["Connection: keep-alive"], host: nil), [200], .kept),
        .init("a problem in HTTP/1.0", ask("GET /nothing HTTP/1.0", host: nil), [404], .closed),
        .init("OPTIONS in HTTP/1.0", ask("OPTIONS /livez HTTP/1.0", ["Connection: keep-alive"]), [204], .kept),
    ]

    // MARK: Ends of lines

    private static let lineEnds: [HTTPObligation] = [
        .init("bare LF everywhere", "GET /livez HTTP/1.1\nHost: x\n\n", [400], .closed),
        .init("bare LF after the first line", "GET /livez HTTP/1.1\nHost: x\r\n\r\n", [400], .closed),
        .init("bare LF after a field", "GET /livez HTTP/1.1\r\nHost: x\n\r\n", [400], .closed),
        .init("bare CR in the first line", "GET /livez\r HTTP/1.1\r\nHost: x\r\n\r\n", [400], .closed),
        .init("bare CR after a field", "GET /livez HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", [400], .closed),
        .init("blanks before the method", " GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", [400], .closed),
        .init("blanks after the version", "GET /livez HTTP/1.1 \r\nHost: x\r\n\r\n", [400], .closed),
        .init("several blank lines before", "\r\n\r\n" + ask(), [200], .kept),
    ]

    // MARK: Fields

    private static let fieldLines: [HTTPObligation] = [
        .init("a folded field", ask("GET /livez HTTP/1.1", ["x: a\r\n b"]), [400], .closed),
        .init("a field folded by a tab", ask("GET /livez HTTP/1.1", ["x: a\r\n\tb"]), [400], .closed),
        .init("a folded Host", "GET /livez HTTP/1.1\r\nHost:\r\n x\r\n\r\n", [400], .closed),
        .init("a tab before the colon", ask("GET /livez HTTP/1.1", ["x\t: a"]), [400], .closed),
        .init("a blank within a name", ask("GET /livez HTTP/1.1", ["x y: a"]), [400], .closed),
        .init("a blank before a name", ask("GET /livez HTTP/1.1", [" x: a"]), [400], .closed),
        .init("no colon", ask("GET /livez HTTP/1.1", ["x"]), [400], .closed),
        .init("no name", ask("GET /livez HTTP/1.1", [": a"]), [400], .closed),
        .init("a name beyond tokens", ask("GET /livez HTTP/1.1", ["x(y): a"]), [400], .closed),
        .init("an empty value", ask("GET /livez HTTP/1.1", ["x:"]), [200], .kept),
        .init("blanks around a value", ask("GET /livez HTTP/1.1", ["x: \t a \t "]), [200], .kept),
        .init("DEL in a value", ask("GET /livez HTTP/1.1", ["x: a\u{7F}b"]), [400], .closed),
        .init("a value beyond ASCII", ask("GET /livez HTTP/1.1", ["x: é"]), [200], .kept),
    ]

    // MARK: Chunks

    private static let size = String(event.utf8.count, radix: 16)
    private static let chunks: [HTTPObligation] = [
        .init("a size in capitals", post([chunked], "\(size.uppercased())\r\n\(event)\r\n0\r\n\r\n"), [202], .kept),
        .init("a size with leading zeros", post([chunked], "000\(size)\r\n\(event)\r\n000\r\n\r\n"), [202], .kept),
        .init("an extension", post([chunked], "\(size);a=\"b c\"\r\n\(event)\r\n0;x\r\n\r\n"), [202], .kept),
        .init(
            "an extension without an end", post([chunked], "\(size);a=\(String(repeating: "b", count: 200_000))"),
            [400], .closed),
        .init(
            "a size without an end", post([chunked], String(repeating: "0", count: 200_000)), [400], .closed),
        .init("bare LF after the size", post([chunked], "\(size)\n\(event)\r\n0\r\n\r\n"), [400], .closed),
        .init("bare LF after the data", post([chunked], "\(size)\r\n\(event)\n0\r\n\r\n"), [400], .closed),
        .init("trailers", post([chunked], "\(size)\r\n\(event)\r\n0\r\nx: y\r\nz: w\r\n\r\n"), [202], .kept),
        .init(
            "a trailer that is no field", post([chunked], "\(size)\r\n\(event)\r\n0\r\nno field\r\n\r\n"), [400],
            .closed),
        .init(
            "a trailer that would be a length",
            post([chunked], "\(size)\r\n\(event)\r\n0\r\nContent-Length: 3\r\n\r\n"), [400], .closed),
        .init("no chunk but the last", post([chunked], "0\r\n\r\n"), [400], .kept),
    ]

    // MARK: Codings of content

    private static let codings: [HTTPObligation] =
        ["deflate", "br", "zstd", "compress", "gzip, gzip", "gzip, br", "gzip;q=1", "xgzip"].map {
            .init("a coding that is not read: \($0)", post([length, "Content-Encoding: \($0)"], event), [415], .kept)
        } + [
            .init("no coding", post([length, "Content-Encoding: identity"], event), [202], .kept),
            .init("an empty list of codings", post([length, "Content-Encoding: ,"], event), [202], .kept),
            .init("gzip that is none", post([length, "Content-Encoding: gzip"], event), [400], .kept),
            .init("no gzip at all", post(["Content-Length: 0", "Content-Encoding: gzip"], ""), [400], .kept),
            .init("a part of a body", post([length, "Content-Range: bytes 0-9/99"], event), [400], .kept),
        ]

    // MARK: Methods

    private static let methods: [HTTPObligation] = [
        .init("HEAD of what needs a key", ask("HEAD /v1/kinds HTTP/1.1"), [401], .kept),
        .init("HEAD with a key", ask("HEAD /v1/kinds HTTP/1.1", [key]), [200], .kept),
        .init("HEAD of a stream", ask("HEAD /v1/events/stream HTTP/1.1", [key]), [200], .kept),
        .init("HEAD of what is posted", ask("HEAD /v1/subscriptions/none/pause HTTP/1.1", [key]), [405], .kept),
        .init("OPTIONS", ask("OPTIONS /v1/kinds HTTP/1.1"), [204], .kept),
        .init("OPTIONS of a vendor's route", ask("OPTIONS /plain/acme/trials HTTP/1.1"), [204], .kept),
        .init("PUT where it is not taken", ask("PUT /livez HTTP/1.1", ["Content-Length: 0"]), [405], .kept),
        .init("DELETE where it is not taken", ask("DELETE /livez HTTP/1.1"), [405], .kept),
        .init("TRACE", ask("TRACE /v1/kinds HTTP/1.1", [key]), [405], .kept),
        .init("a method in small letters", ask("post /v1/events HTTP/1.1"), [400], .closed),
        .init("an unknown method", ask("GETT /livez HTTP/1.1"), [400], .closed),
    ]

    // MARK: Escapes in paths

    private static let escapes: [HTTPObligation] = [
        .init("an escaped slash is no slash", ask("GET /v1%2Fkinds HTTP/1.1", [key]), [404], .kept),
        .init("an escaped letter in a place", ask("GET /v1/organizations/%61cme HTTP/1.1", [key]), [200], .kept),
        .init("no escape", ask("GET /v1/organizations/%zz HTTP/1.1", [key]), [404], .kept),
        .init("half an escape", ask("GET /v1/organizations/a%2 HTTP/1.1", [key]), [404], .kept),
        .init("no UTF-8", ask("GET /v1/organizations/%ff HTTP/1.1", [key]), [404], .kept),
        .init("NUL, escaped", ask("GET /v1/organizations/%00 HTTP/1.1", [key]), [404], .kept),
        .init("dots are names", ask("GET /v1/../livez HTTP/1.1"), [404], .kept),
        .init("a fragment", ask("GET /livez#x HTTP/1.1"), [400], .closed),
    ]

    // MARK: Upgrades

    private static let upgrades: [HTTPObligation] = [
        .init("WebSocket", ask("GET /livez HTTP/1.1", ["Connection: Upgrade", "Upgrade: websocket"]), [200], .closed),
        .init(
            "an upgrade that is not named in Connection", ask("GET /livez HTTP/1.1", ["Upgrade: h2c"]), [200], .closed),
        .init(
            "h2c with its settings",
            ask(
                "GET /livez HTTP/1.1",
                ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]),
            [200], .closed),
        .init(
            "HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}", [400],
            .closed),
    ]

    // MARK: Pipelines

    private static let pipelines: [HTTPObligation] = [
        .init(
            "three at once", ask() + ask("HEAD /livez HTTP/1.1") + ask("OPTIONS /livez HTTP/1.1"), [200, 200, 204],
            .kept),
        .init(
            "a body in chunks and one behind it", post([chunked], inChunks) + post([length], event) + ask(),
            [202, 202, 200], .kept),
        .init(
            "one that expects leave, behind another", ask() + post([length, "Expect: 100-continue"], event),
            [200, 202], .kept),
        .init("one that is refused, and one behind it", ask("GET /nothing HTTP/1.1") + ask(), [404, 200], .kept),
        .init(
            "the last of three closes", ask() + ask("GET /livez HTTP/1.1", ["Connection: close"]) + ask(), [200, 200],
            .closed),
    ]
}
