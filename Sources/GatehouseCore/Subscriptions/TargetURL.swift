/// Where deliveries go: an absolute http or https URL, taken apart once and kept in its parts.
///
/// Only the plain spelling is taken: no user part, no fragment, no white space, a host that is a name of letters,
/// digits, dots and hyphens, a dotted address, or a bracketed IPv6 address. What reads two ways cannot be checked, so
/// it is refused, each with a ``Flaw`` that says what to do. An internationalized name is taken in its ASCII form
/// (UTS 46), which is what goes over the wire.
public struct TargetURL: Hashable, Sendable, CustomStringConvertible {
    /// How the connection is made.
    public enum Scheme: String, CaseIterable, Hashable, Sendable {
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
        do throws(Flaw) {
            self = try URLReader(text).url()
        } catch {
            return nil
        }
    }

    /// Takes the URL that an owner or an operator has written.
    ///
    /// - Throws: what is wrong with it and what to do, in a sentence that repeats nothing of it.
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
