internal import HTTPTypes

/// The headers that the owner of a subscription may set.
enum HeaderRule {
    static let most = 20
    static let bytes = 8 * 1024

    /// What is wrong with a header; nil if it is allowed.
    static func complaint(_ name: String, _ value: String) -> String? {
        guard !name.isEmpty, HTTPField.Name(name) != nil else {
            return "\"\(name)\" is no header name: it takes letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.1)"
        }
        let canonical = name.lowercased()
        if reserved.contains(canonical) || reservedPrefixes.contains(where: canonical.hasPrefix) {
            return "the header \(name) is set by the gateway or by HTTP itself and cannot be replaced"
        }
        guard value.utf8.allSatisfy({ $0 == 0x09 || (0x20...0x7E).contains($0) }) else {
            return "the value of \(name) takes printable ASCII and tabs alone"
        }
        return nil
    }

    private static let reservedPrefixes = ["webhook-", "gatehouse-"]

    /// The 33 that BAS-IP's contract reserves for the system (seed 004), and those that would change the meaning of
    /// HTTP.
    private static let reserved: Set<String> = [
        "host", "connection", "keep-alive", "transfer-encoding", "upgrade", "via", "te", "trailer", "content-length",
        "content-type", "authorization", "origin", "permissions-policy", "user-agent", "accept", "accept-encoding",
        "accept-language", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "date",
        "expires", "last-modified", "cache-control", "etag", "if-match", "if-none-match", "access-control-allow-origin",
        "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
        "proxy-authorization", "proxy-connection", "cookie", "content-encoding", "expect",
    ]
}
