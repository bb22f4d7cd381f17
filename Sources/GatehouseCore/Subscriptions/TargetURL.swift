/// Where deliveries go: an absolute http or https URL, taken apart once and kept in its parts.
///
/// Only the plain spelling is taken: no user part, no fragment, no white space, a host that is a name of letters,
/// digits, dots and hyphens, a dotted address, or a bracketed IPv6 address. What reads two ways cannot be checked, so
/// it is refused.
public struct TargetURL: Hashable, Sendable, CustomStringConvertible {
    /// How the connection is made.
    public enum Scheme: String, Hashable, Sendable {
        case http, https

        /// The port where the URL names none.
        public var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// The URL as it was given. Its path and query may hold a token: see ``description`` and ``masked``.
    public let text: String
    /// How the connection is made.
    public let scheme: Scheme
    /// The name or address, lower case, an IPv6 address without its brackets.
    public let host: String
    /// Whether the host was written in brackets, as an IPv6 address.
    public let isBracketed: Bool
    /// The port, given or of the scheme.
    public let port: Int
    /// Path and query as they go into the request line; at least `/`.
    public let requestTarget: String

    /// The longest URL that is taken, in bytes.
    public static let longest = 2000

    /// Takes a URL apart; nil where it is not one that deliveries could go to.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            !text.contains("#"), let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { return nil }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let authority = Authority(rest[..<end]) else { return nil }
        self.text = text
        self.scheme = scheme
        self.host = authority.host
        self.isBracketed = authority.isBracketed
        self.port = authority.port ?? scheme.defaultPort
        let target = rest[end...]
        self.requestTarget = target.hasPrefix("/") ? String(target) : "/" + target
    }

    /// What stands in the Host header: the port is left out where it is the scheme's own.
    public var hostHeader: String {
        let name = isBracketed ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// Scheme and host alone: path and query may hold a token, and this stands in logs.
    public var description: String { "\(scheme.rawValue)://\(hostHeader)" }

    /// The URL with dots for what stands behind the host; as it is where nothing does. For showing alone.
    public var masked: TargetURL {
        requestTarget == "/" ? self : TargetURL(self, text: "\(description)/\(Mask.text)", target: "/\(Mask.text)")
    }

    private init(_ whole: TargetURL, text: String, target: String) {
        self.text = text
        self.scheme = whole.scheme
        self.host = whole.host
        self.isBracketed = whole.isBracketed
        self.port = whole.port
        self.requestTarget = target
    }
}

/// The part of a URL between `//` and the path: host and port, nothing else.
private struct Authority {
    let host: String
    let isBracketed: Bool
    let port: Int?

    init?(_ text: Substring) {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let inside = text[text.index(after: text.startIndex)..<close]
            guard !inside.isEmpty, inside.utf8.allSatisfy(Authority.isInAddress) else { return nil }
            self.host = inside.lowercased()
            self.isBracketed = true
            guard let port = Authority.port(text[text.index(after: close)...]) else { return nil }
            self.port = port.value
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            let name = text[..<end]
            guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(Authority.isInName) else { return nil }
            self.host = name.lowercased()
            self.isBracketed = false
            guard let port = Authority.port(text[end...]) else { return nil }
            self.port = port.value
        }
    }

    /// Reads `` or `:8080`; nil where it is neither.
    private static func port(_ text: Substring) -> (value: Int?, Void)? {
        if text.isEmpty { return (nil, ()) }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return (port, ())
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isInAddress(_ byte: UInt8) -> Bool {
        Hex.value(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
