import Crypto
import FoundationEssentials
import GatehouseCore
import GatehouseGateway
import NIOSSL

/// A certificate that no authority vouches for, with its key: made when a receiver starts, kept nowhere, valid for a
/// day.
struct SelfSignedIdentity: Sendable {
    private let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    /// Makes one for a host's name or address.
    init(host: String) throws {
        let key = P256.Signing.PrivateKey()
        let bytes = try Self.certificate(for: host, signedWith: key, at: SystemClock().now)
        self.certificate = try NIOSSLCertificate(bytes: bytes, format: .der)
        self.key = try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der)
    }

    /// What a server needs to speak TLS with it.
    var configuration: TLSConfiguration {
        .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
    }

    /// An X.509 certificate of version 3 (RFC 5280 section 4.1) whose issuer is its subject, for ECDSA with SHA-256.
    static func certificate(
        for host: String, signedWith key: P256.Signing.PrivateKey, at now: Instant
    ) throws -> [UInt8] {
        let algorithm = DER.sequence([DER.ecdsaWithSHA256])
        let name = DER.sequence([DER.set([DER.sequence([DER.commonName, DER.utf8(host)])])])
        let validity = DER.sequence([
            DER.time(now - .seconds(60)), DER.time(now + .seconds(86_400)),
        ])
        // GeneralName's choice 2 is dNSName; the extension's value stands in octets of its own.
        let names = DER.sequence([DER.value(0x82, Array(host.utf8))])
        let extensions = DER.value(0xA3, DER.sequence([DER.sequence([DER.alternativeNames, DER.value(0x04, names)])]))
        var random = SystemRandomNumberGenerator()
        let serial = [0x01] + (0..<15).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let signed = DER.sequence([
            DER.value(0xA0, DER.value(0x02, [0x02])), DER.value(0x02, serial), algorithm, name, validity, name,
            Array(key.publicKey.derRepresentation), extensions,
        ])
        let signature = try key.signature(for: Data(signed)).derRepresentation
        return DER.sequence([signed, algorithm, DER.value(0x03, [0x00] + signature)])
    }
}

/// As much of ASN.1's distinguished encoding as one certificate needs (X.690 section 10).
private enum DER {
    static let ecdsaWithSHA256: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
    static let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
    static let alternativeNames: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x11]

    /// A tag, the length, the content: lengths from 128 on say first in how many bytes they stand.
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count > 127 else { return [tag, UInt8(content.count)] + content }
        let length = withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0.drop { $0 == 0 }) }
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { value(0x30, parts.flatMap(\.self)) }

    static func set(_ parts: [[UInt8]]) -> [UInt8] { value(0x31, parts.flatMap(\.self)) }

    static func utf8(_ text: String) -> [UInt8] { value(0x0C, Array(text.utf8)) }

    /// `300102030405Z`: UTCTime up to 2049, and GeneralizedTime with all four digits of the year from then on (RFC 5280
    /// section 4.1.2.5).
    static func time(_ instant: Instant) -> [UInt8] {
        let text = RFC3339.secondsText(instant).filter { $0.isNumber || $0 == "Z" }
        return text < "2050" ? value(0x17, Array(text.utf8.dropFirst(2))) : value(0x18, Array(text.utf8))
    }
}
