import GatehouseVerification

/// A captured HTTP/1.1 request, head and body in one text, read by RFC 9112. Bare line feeds are accepted too, because
/// editors write them.
struct CapturedRequest {
    /// The header lines in their order.
    let headers: [(name: String, value: String)]
    /// The body, byte for byte.
    let body: [UInt8]

    /// Why a text is not a request, and what to capture instead.
    struct Unreadable: Error, Hashable {
        let sentence: String
    }

    /// Reads a request that fills the text. A body that is longer than Content-Length is cut there: captures often end
    /// with an extra line feed.
    init(_ bytes: [UInt8]) throws(Unreadable) {
        guard let end = Self.endOfHead(bytes) else {
            throw Unreadable(
                sentence: "there is no blank line between the head and the body: capture the whole request")
        }
        var lines = Self.lines(bytes[..<end.head])
        guard let first = lines.first, Self.isRequestLine(first) else {
            throw Unreadable(sentence: "the first line is not a request line, such as POST /events HTTP/1.1")
        }
        lines.removeFirst()
        var headers: [(name: String, value: String)] = []
        for line in lines { headers.append(try Self.header(line)) }
        self.headers = headers
        self.body = try Self.body(bytes[end.body...], headers)
    }

    /// The request for the verifier.
    var received: ReceivedRequest { ReceivedRequest(headers: headers, body: body) }

    private static func endOfHead(_ bytes: [UInt8]) -> (head: Int, body: Int)? {
        var start = 0
        while let feed = bytes[start...].firstIndex(of: 0x0A) {
            let line = bytes[start..<feed]
            if line.isEmpty || line.elementsEqual([0x0D]) { return (start, feed + 1) }
            start = feed + 1
        }
        return nil
    }

    private static func lines(_ head: ArraySlice<UInt8>) -> [String] {
        head.split(separator: 0x0A).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
    }

    private static func isRequestLine(_ line: String) -> Bool {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        return words.count == 3 && words[2].hasPrefix("HTTP/") && !words[0].isEmpty && !words[1].isEmpty
    }

    private static func header(_ line: String) throws(Unreadable) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
            !line[..<colon].contains(where: { $0 == " " || $0 == "\t" })
        else {
            throw Unreadable(
                sentence: "'\(TextTable.printable(String(line.prefix(60))))' is not a header line, Name: value")
        }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        return (String(line[..<colon]), String(value.reversed().drop { $0 == " " || $0 == "\t" }.reversed()))
    }

    private static func body(
        _ rest: ArraySlice<UInt8>, _ headers: [(name: String, value: String)]
    ) throws(Unreadable) -> [UInt8] {
        if headers.contains(where: { $0.name.lowercased() == "transfer-encoding" }) {
            throw Unreadable(
                sentence: "the body is in chunks (Transfer-Encoding): capture it decoded, without that header line")
        }
        guard let text = headers.first(where: { $0.name.lowercased() == "content-length" })?.value else {
            return Array(rest)
        }
        guard let length = Int(text), length >= 0 else { throw Unreadable(sentence: "Content-Length is not a number") }
        guard rest.count >= length else {
            throw Unreadable(
                sentence:
                    "the body has \(rest.count) bytes, Content-Length says \(length): it was cut off in the capture")
        }
        return Array(rest.prefix(length))
    }
}
