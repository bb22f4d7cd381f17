import Crypto
import FoundationEssentials
import NIOSSL
import SwiftASN1
import X509

/// A self-signed certificate with its key: made when a receiver starts, never stored, valid for a day.
struct SelfSignedIdentity: Sendable {
    private let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    /// Makes one for a host's name or address.
    init(host: String) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName(host) }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: now.addingTimeInterval(-60), notValidAfter: now.addingTimeInterval(86_400), issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions { SubjectAlternativeNames([.dnsName(host)]) },
            issuerPrivateKey: .init(key))
        self.certificate = try NIOSSLCertificate(
            bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)
        self.key = try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)
    }

    /// The TLS configuration of a server with this identity.
    var configuration: TLSConfiguration {
        .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
    }
}
