package import GatehouseCore
internal import NIOCore
package import NIOSSL
internal import SwiftASN1
internal import X509

/// What a server's certificate says of itself. It is not trusted: it only tells why it was not.
package struct PeerCertificate: Equatable, Sendable {
    /// The names and addresses that it is for, as the certificate has them.
    package var names: [String] = []
    /// The distinguished name of the authority that issued it.
    package var issuer = ""
    /// Whether it names itself as its issuer.
    package var isSelfSigned = false
    /// From when on it is valid.
    package var from: Instant
    /// Until when it is valid.
    package var until: Instant

    /// Describes a certificate.
    package init(from: Instant, until: Instant) {
        self.from = from
        self.until = until
    }

    /// Reads the certificate. Of one that cannot be read, the times are known alone.
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

    /// How many of its names are told.
    private static let mostNames = 5
    /// How many characters of a name are told.
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

    /// A text of the other end's, for logs and terminals: plain characters, not too many.
    private static func shown(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(longestName).map { scalar in
                (0x20..<0x7F).contains(scalar.value) || scalar.properties.isAlphabetic ? Character(scalar) : "?"
            })
    }
}
