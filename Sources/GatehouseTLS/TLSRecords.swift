/// The bytes of a server where TLS is expected, as far as they are not encrypted: the version that it chose, or the
/// alert with which it refused, or that it uses another protocol (RFC 8446 section 5.1, RFC 5246 section 6.2.1).
///
/// The TLS library reports the cause of a failed handshake only as text, and no decision is based on a text.
package struct TLSRecords: Equatable, Sendable {
    /// Whether anything has come.
    package private(set) var hasBegun = false
    /// Whether the bytes are not TLS.
    package private(set) var isForeign = false
    /// Whether they begin like an HTTP answer.
    package private(set) var isHTTP = false
    /// The number of the last alert in the clear (RFC 8446 section 6).
    package private(set) var alert: UInt8?
    /// The minor version in the server's hello: 1 for TLS 1.0, 2 for 1.1, 3 for 1.2 and 1.3; 0 for SSL 3.0.
    package private(set) var minorVersion: UInt8?
    /// Whether nothing more can be read: the rest is encrypted, or not TLS.
    package private(set) var isOver = false

    /// The header of the present record and the needed part of its content.
    private var start: [UInt8] = []
    /// How many bytes of the present record are skipped.
    private var left = 0

    private static let headerLength = 5
    /// Header, the hello's type and length, its version.
    private static let startLength = 11

    /// Nothing has come yet.
    package init() {}

    /// Takes the next bytes.
    package mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            guard !isOver else { return }
            hasBegun = true
            if left > 0, start.isEmpty {
                left -= 1
            } else {
                start.append(byte)
                look()
            }
        }
    }

    private mutating func look() {
        if start.count <= Self.headerLength { lookAtHeader() }
        guard !isOver, start.count >= Self.headerLength else { return }
        let content = Int(start[3]) << 8 | Int(start[4])
        guard start.count == min(Self.startLength, Self.headerLength + content) else { return }
        // Level 2 ends the handshake; a warning, such as an unknown name, may come before another end (RFC 5246, 7.2).
        if start[0] == 21, content >= 2, start[5] == 2 { alert = start[6] }
        if start[0] == 22, start.count == Self.startLength, start[5] == 2 { minorVersion = start[10] }
        left = Self.headerLength + content - start.count
        start = []
    }

    /// A record has type 20 to 23 and its version begins with 3; 20 and 23 mean that the rest is encrypted.
    private mutating func lookAtHeader() {
        let isRecord = (20...23).contains(start[0]) && (start.count < 2 || start[1] == 3)
        guard !isRecord || (minorVersion == nil && start[0] == 23) else {
            if start[0] == 20 || start[0] == 23 { isOver = true }
            return
        }
        isForeign = true
        isHTTP = "HTTP/".utf8.starts(with: start)
        isOver = !isHTTP || start.count == Self.headerLength
    }
}
