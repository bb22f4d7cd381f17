internal import FoundationEssentials
internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// The credentials of a client that asks for a token: HTTP Basic of its id and secret (RFC 6749 section 2.3.1).
///
/// A key is a client. Its id is the key's id or login name; its secret is the key's whole credential or the secret part
/// of it.
struct ClientCredentials: Sendable {
    /// The client's id: a key's id or login name.
    let id: String
    /// The client's secret.
    let secret: Secret

    /// Reads the header field; nil if it is not Basic with an id and a secret, both form-encoded.
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

    /// The client's key; nil if there is none, it has expired or the secret is wrong.
    func key(in ring: KeyRegistry, at now: Instant) -> Key? {
        ring.key(named: id, provenBy: .plain(secret), at: now)
    }
}

/// Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1): percent-encoding, with a plus for a space.
enum FormEncoding {
    /// The decoded text; nil if an escape is not two hexadecimal digits or the bytes are not UTF-8.
    static func decode(_ text: some StringProtocol) -> String? {
        PercentEncoding.decode(String(text).replacing("+", with: " "))
    }
}
