internal import FoundationEssentials
internal import GatehouseCore

/// The HTTP proxy by which all deliveries leave, where the network lets nothing else out.
public struct EgressProxy: Hashable, Sendable, CustomStringConvertible {
    /// The proxy's name or address.
    public let host: String
    /// Its port.
    public let port: Int
    /// `user:password` as it is sent, in Base64; nil where the proxy asks nobody.
    let credentials: Secret?
    private let shown: String

    /// Reads `http://host:port` or `http://user:password@host:port`, the user and password percent-encoded where they
    /// must be; nil for anything else. TLS to the proxy itself is not spoken: what goes through it has its own.
    public init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"), text[..<mark.lowerBound].lowercased() == "http" else { return nil }
        var rest = text[mark.upperBound...]
        var credentials: Secret?
        if let at = rest.lastIndex(of: "@") {
            guard let plain = Self.decoded(rest[..<at]), plain.contains(UInt8(ascii: ":")) else { return nil }
            credentials = Secret(Data(plain).base64EncodedString())
            rest = rest[rest.index(after: at)...]
        }
        guard let url = TargetURL("http://" + rest), url.requestTarget == "/" else { return nil }
        self.host = url.host
        self.port = url.port
        self.credentials = credentials
        let name = url.isBracketed ? "[\(url.host)]" : url.host
        self.shown = "http://\(credentials == nil ? "" : "•••@")\(name):\(url.port)"
    }

    /// The proxy without its password.
    public var description: String { shown }

    private static func decoded(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let pair = Hex.bytes(String(decoding: rest.prefix(2), as: UTF8.self))
            else { return nil }
            bytes += pair
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
