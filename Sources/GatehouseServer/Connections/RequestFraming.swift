internal import GatehouseCore
internal import HTTPTypes
internal import NIOHTTP1

/// What a request's head says before a route is found: the host, the framing of the body, and whether the connection
/// ends with it. A head that can be read in two ways is refused, because a proxy before the gateway may have read it in
/// the other way.
struct RequestFraming: Sendable {
    /// How many bytes of body were announced; nil if the body is chunked.
    private(set) var announced: Int? = 0
    /// Whether the connection ends with the answer.
    private(set) var endsConnection: Bool
    /// Whether it is HTTP/1.0, where a connection stays open only if the answer says so.
    let isOld: Bool
    /// Whether the caller waits for `100 Continue` before it sends its body (RFC 9110, section 10.1.1).
    private(set) var awaitsLeave = false

    /// Reads a head; a target in absolute form becomes the path, and its authority the Host (RFC 9112, section 3.2.2).
    ///
    /// - Throws: a problem of the status 400, 405 for CONNECT or 417 for an expectation that is not known, after which
    ///   the connection cannot be used.
    init(_ head: inout HTTPRequestHead) throws(Problem) {
        self.isOld = head.version.minor == 0
        self.endsConnection = !head.isKeepAlive
        var seen = Fields()
        for (name, value) in head.headers { seen.note(name, value) }
        // What follows such a request would belong to the other protocol, which the server does not support.
        if seen.isUpgrade { endsConnection = true }
        try checkHost(seen)
        try readLength(seen)
        try readExpectations(seen)
        try Self.readTarget(of: &head)
    }

    /// The fields that matter here.
    private struct Fields {
        var hosts = 0
        var host = ""
        var lengths: [String] = []
        var codings: [String] = []
        var expectations: [String] = []
        var isUpgrade = false

        mutating func note(_ name: String, _ value: String) {
            switch name.utf8.count {
            case 4 where Self.equal(name, "host"):
                hosts += 1
                host = value
            case 6 where Self.equal(name, "expect"): expectations.append(value)
            case 7 where Self.equal(name, "upgrade"): isUpgrade = true
            case 14 where Self.equal(name, "content-length"): lengths.append(value)
            case 17 where Self.equal(name, "transfer-encoding"): codings.append(value)
            default: break
            }
        }

        /// Compares without case; `known` is in lower case.
        private static func equal(_ name: String, _ known: StaticString) -> Bool {
            known.withUTF8Buffer { known in name.utf8.elementsEqual(known) { $0 | 0x20 == $1 } }
        }
    }

    /// RFC 9112, section 3.2: 400 for no Host in HTTP/1.1, for two, and for one that is not a host.
    private func checkHost(_ seen: Fields) throws(Problem) {
        let sentence: String
        switch seen.hosts {
        case 0 where isOld: return
        case 0: sentence = "a request of HTTP/1.1 has a Host field"
        case 1 where HostField.isWellFormed(seen.host): return
        case 1: sentence = "the Host field names a host, and a port where it is not the scheme's own"
        default: sentence = "a request has one Host field"
        }
        throw Problem(ValidationError(.malformed, field: "host", sentence))
    }

    /// RFC 9112, sections 6.1 to 6.3: one length or chunks, never both.
    private mutating func readLength(_ seen: Fields) throws(Problem) {
        if !seen.codings.isEmpty {
            guard !isOld, seen.lengths.isEmpty else {
                throw Problem(
                    ValidationError(
                        .malformed, field: "transfer-encoding",
                        "Transfer-Encoding stands alone, without Content-Length, and in HTTP/1.1"))
            }
            guard seen.codings.count == 1, seen.codings[0].lowercased() == "chunked" else {
                throw Problem(
                    ValidationError(
                        .malformed, field: "transfer-encoding", "the one Transfer-Encoding that is read is chunked"))
            }
            announced = nil
        } else if let first = seen.lengths.first {
            let isNumber = !first.isEmpty && first.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard seen.lengths.count == 1, isNumber, let length = Int(first) else {
                throw Problem(
                    ValidationError(.malformed, field: "content-length", "Content-Length is one whole number"))
            }
            announced = length
        }
    }

    /// RFC 9110, section 10.1.1: one expectation is known; in HTTP/1.0 none is, and they are ignored.
    private mutating func readExpectations(_ seen: Fields) throws(Problem) {
        guard !isOld, !seen.expectations.isEmpty else { return }
        let members = FieldList.members(of: seen.expectations)
        guard members.allSatisfy({ $0 == "100-continue" }) else {
            throw Problem(
                .unmetExpectation, "the one expectation that is met is 100-continue: leave the others out",
                field: "expect")
        }
        awaitsLeave = !members.isEmpty && announced != 0
    }

    /// The path of a target, in origin form or in absolute form; nil if it has none.
    static func path(of target: String) -> String? {
        var rest = target[...]
        if target.utf8.first != UInt8(ascii: "/") {
            guard let colon = target.firstIndex(of: ":"), target[colon...].hasPrefix("://") else { return nil }
            let authority = target[target.index(colon, offsetBy: 3)...]
            rest = authority[(authority.firstIndex(of: "/") ?? authority.endIndex)...]
        }
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        return path.isEmpty ? nil : String(path)
    }

    private static func readTarget(of head: inout HTTPRequestHead) throws(Problem) {
        guard head.method != .CONNECT else {
            throw Problem(.wrongMethod, "the gateway is no proxy: it takes no CONNECT", headers: [.allow: "GET"])
        }
        guard !head.uri.utf8.contains(UInt8(ascii: "#")) else {
            throw Problem(ValidationError(.malformed, "the request's target has no fragment: leave out what follows #"))
        }
        guard head.uri.utf8.first != UInt8(ascii: "/") else { return }
        if head.uri == "*", head.method == .OPTIONS { return }
        let refusal = Problem(
            ValidationError(.malformed, "the request's target is a path that begins with /, or an absolute URL"))
        guard let colon = head.uri.firstIndex(of: ":"), head.uri[colon...].hasPrefix("://"),
            ["http", "https"].contains(head.uri[..<colon].lowercased())
        else { throw refusal }
        let rest = head.uri[head.uri.index(colon, offsetBy: 3)...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = String(rest[..<end])
        guard HostField.isWellFormed(authority) else { throw refusal }
        let path = String(rest[end...])
        head.uri = path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
        head.headers.replaceOrAdd(name: "host", value: authority)
    }
}
