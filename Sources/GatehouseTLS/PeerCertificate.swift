package import GatehouseCore
internal import NIOCore
package import NIOSSL
internal import SwiftASN1
internal import X509

/// The contents of a server's certificate. It is not trusted: it only explains why it was refused.
package struct PeerCertificate: Equatable, Sendable {
    /// The names and addresses that it is for, unchanged.
    package var names: [String] = []
    /// The distinguished name of the authority that issued it.
    package var issuer = ""
    /// Whether it names itself as its issuer.
    package var isSelfSigned = false
    /// The beginning of its validity.
    package var from: Instant
    /// The end of its validity.
    package var until: Instant

    /// Describes a certificate.
    package init(from: Instant, until: Instant) {
        self.from = from
        self.until = until
    }

    /// Reads the certificate. If it cannot be read, only the times are known.
    package init(_ certificate: NIOSSLCertificate) {
        self.init(
            from: Instant(seconds: Int64(certificate.notValidBefore)),
            until: Instant(seconds: Int64(certificate.notValidAfter)))
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes) else {
            return
        }
        issuer = Self.shown(parsed.issuer.description)
        isSelfSigned = parsed.issuer == parsed.subject
        guard let names = try? parsed.extensions.subjectAlternativeNames else { return }
        self.names = names.lazy.compactMap(Self.name).prefix(Self.mostNames).map { $0 }
    }

    /// How many of its names are shown.
    private static let mostNames = 5
    /// How many characters of a name are shown.
    private static let longestName = 80

    private static func name(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let text): return shown(text)
        case .ipAddress(let address):
            let packed = ByteBuffer(bytes: address.bytes)
            return (try? SocketAddress(packedIPAddress: packed, port: 0))?.ipAddress
        default: return nil
        }
    }

    /// A text of the other end, for logs and terminals: plain characters, of limited length.
    private static func shown(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(longestName).map { scalar in
                (0x20..<0x7F).contains(scalar.value) || scalar.properties.isAlphabetic ? Character(scalar) : "?"
            })
    }
}
