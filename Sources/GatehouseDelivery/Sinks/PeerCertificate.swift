import GatehouseCore
import NIOSSL
import SwiftASN1
import X509

/// What a receiver's certificate says of itself. It is not trusted: it only tells why it was not.
struct PeerCertificate: Equatable {
    /// The names and addresses that it is for, as the certificate has them.
    var names: [String] = []
    /// The distinguished name of the authority that issued it.
    var issuer = ""
    /// Whether it names itself as its issuer.
    var isSelfSigned = false
    /// From when on it is valid.
    var from: Instant
    /// Until when it is valid.
    var until: Instant

    /// Describes a certificate.
    init(from: Instant, until: Instant) {
        self.from = from
        self.until = until
    }

    /// Reads the certificate. Of one that cannot be read, the times are known alone.
    init(_ certificate: NIOSSLCertificate) {
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
            let number = address.bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            return NetworkAddress(family: address.bytes.count == 4 ? .v4 : .v6, number: number).description
        default: return nil
        }
    }

    /// A text of the receiver's, for logs and terminals: plain characters, not too many.
    private static func shown(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(longestName).map { scalar in
                (0x20..<0x7F).contains(scalar.value) || scalar.properties.isAlphabetic ? Character(scalar) : "?"
            })
    }
}
