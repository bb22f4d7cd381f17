/// The URL of a receiver: an absolute http or https URL, parsed once.
///
/// Only the plain spelling is accepted: no user part, no fragment, no white space, a host that is a name of letters,
/// digits, dots and hyphens, a dotted address, or a bracketed IPv6 address. An ambiguous URL cannot be checked, so it
/// is refused, with a ``Flaw`` that says what to do. An internationalized name is converted to its ASCII form (UTS 46),
/// which is what is sent.
public struct TargetURL: Hashable, Sendable, CustomStringConvertible {
    /// The scheme.
    public enum Scheme: String, CaseIterable, Hashable, Sendable {
        /// Without TLS, and with it.
        case http, https

        /// The port if the URL has none.
        public var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// The URL as given. Its path and query may hold a token: see ``description`` and ``masked``.
    public let text: String
    /// The scheme.
    public let scheme: Scheme
    /// The name or address, in lower case; an IPv6 address without its brackets.
    public let host: String
    /// Whether the host has brackets, as an IPv6 address.
    public let isBracketed: Bool
    /// The port, given or from the scheme.
    public let port: Int
    /// Path and query for the request line; at least `/`.
    public let requestTarget: String

    /// The maximum length of a URL, in bytes.
    public static let longest = 2000

    /// Parses a URL; nil if deliveries cannot go to it.
    public init?(_ text: String) {
        do throws(Flaw) {
            self = try URLReader(text).url()
        } catch {
            return nil
        }
    }

    /// Parses the URL of an owner or an operator.
    ///
    /// - Throws: what is wrong and what to do, in a sentence that repeats nothing of the URL.
    public init(reading text: String) throws(Flaw) {
        let url = try URLReader(text).url()
        guard !url.host.hasSuffix(".") else { throw .trailingDot }
        self = url
    }

    init(_ text: String, _ scheme: Scheme, _ authority: URLAuthority, target: Substring) {
        self.text = text
        self.scheme = scheme
        self.host = authority.host
        self.isBracketed = authority.isBracketed
        self.port = authority.port ?? scheme.defaultPort
        self.requestTarget = target.hasPrefix("/") ? String(target) : "/" + target
    }

    /// The value of the Host header: without the port if it is the scheme's default.
    public var hostHeader: String {
        let name = isBracketed ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// Only scheme and host: path and query may hold a token, and this text is in logs.
    public var description: String { "\(scheme.rawValue)://\(hostHeader)" }

    /// The URL with dots in place of its path and query, if it has any. Only for display.
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
