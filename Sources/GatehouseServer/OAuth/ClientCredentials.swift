internal import FoundationEssentials
internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// Who asks for a token and how that is proved: HTTP Basic of a client's id and secret (RFC 6749 section 2.3.1).
///
/// A key is a client: its id the key's id or its login name, its secret the key's whole credential or the part of it
/// that is secret.
struct ClientCredentials: Sendable {
    /// The client's id, which is a key's or its login name.
    let id: String
    /// The client's secret.
    let secret: Secret

    /// Reads the header field; nil where it is not Basic of one id and one secret, both in form encoding.
    init?(_ headers: HTTPFields) {
        guard let field = headers[.authorization] else { return nil }
        let words = field.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "basic", let data = Data(base64Encoded: String(words[1])),
            let pair = String(validating: data, as: UTF8.self), let colon = pair.firstIndex(of: ":"),
            let id = FormEncoding.decode(pair[..<colon]),
            let secret = FormEncoding.decode(pair[pair.index(after: colon)...])
        else { return nil }
        self.id = id
        self.secret = Secret(secret)
    }

    /// The key that the client is; nil where there is none, it has expired or the secret is another's.
    func key(in ring: KeyRegistry, at now: Instant) -> Key? {
        ring.key(named: id, provenBy: .plain(secret), at: now)
    }
}

/// Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1): percent-encoding where a space is a plus.
enum FormEncoding {
    /// The text that is meant; nil where an escape is not two hexadecimal digits or the bytes are no UTF-8.
    static func decode(_ text: some StringProtocol) -> String? {
        PercentEncoding.decode(String(text).replacing("+", with: " "))
    }
}
