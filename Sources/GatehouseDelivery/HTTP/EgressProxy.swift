internal import FoundationEssentials
internal import GatehouseCore

/// The HTTP proxy for all deliveries, for networks that allow no other way out.
package struct EgressProxy: Hashable, Sendable, CustomStringConvertible {
    /// The proxy's name or address.
    package let host: String
    /// Its port.
    package let port: Int
    /// `user:password` in Base64, as it is sent; nil if the proxy needs no credentials.
    let credentials: Secret?
    private let shown: String

    /// What is wrong with the address of a proxy.
    package struct Flaw: Error, Hashable, Sendable {
        /// What is wrong and what to do; it contains no part of the text, which may hold a password.
        package let sentence: String
    }

    /// Reads a proxy's address, as ``init(reading:)`` does; nil if something is wrong with it.
    package init?(_ text: String) {
        do throws(Flaw) {
            try self.init(reading: text)
        } catch {
            return nil
        }
    }

    /// Reads `http://host:port` or `http://user:password@host:port`, with user and password percent-encoded if
    /// necessary. TLS to the proxy itself is not supported: the connections through it have their own TLS.
    package init(reading text: String) throws(Flaw) {
        guard let mark = text.firstRange(of: "://") else {
            throw Flaw(
                sentence: text.isEmpty ? TargetURL.Flaw.empty.sentence : "it has no scheme: write http:// before it")
        }
        guard text[..<mark.lowerBound].lowercased() == "http" else {
            throw Flaw(
                sentence: "its scheme is not http: the connection to the proxy is plain HTTP, TLS goes through it")
        }
        var rest = text[mark.upperBound...]
        var credentials: Secret?
        if let at = rest.lastIndex(of: "@") {
            guard let plain = Self.decoded(rest[..<at]), plain.contains(UInt8(ascii: ":")) else {
                throw Flaw(
                    sentence: "the part before its @ is not user:password, each percent-encoded if necessary")
            }
            credentials = Secret(Data(plain).base64EncodedString())
            rest = rest[rest.index(after: at)...]
        }
        let url = try Self.place("http://" + rest)
        self.host = url.host
        self.port = url.port
        self.credentials = credentials
        let name = url.isBracketed ? "[\(url.host)]" : url.host
        self.shown = "http://\(credentials == nil ? "" : "•••@")\(name):\(url.port)"
    }

    private static func place(_ text: String) throws(Flaw) -> TargetURL {
        let url: TargetURL
        do throws(TargetURL.Flaw) {
            url = try TargetURL(reading: text)
        } catch {
            throw Flaw(sentence: error.sentence)
        }
        guard url.requestTarget == "/" else {
            throw Flaw(sentence: "remove the path or the query after its host")
        }
        return url
    }

    /// The proxy without its password.
    package var description: String { shown }

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
