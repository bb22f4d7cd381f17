internal import GatehouseCore
internal import NIOSSL

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The files with which the server proves who it is, both in PEM.
public struct ServerIdentity: Hashable, Sendable {
    /// The path of the certificate, those that vouch for it behind it in the same file.
    public var certificate: String
    /// The path of its private key.
    public var key: String

    /// Names the two files; they are read when the server starts.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Why a gateway cannot speak TLS, for the person who named the files.
    public struct LoadError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and with which file.
        public let description: String
    }

    /// A file that cannot be opened at all is told with the system's reason.
    private static func open(_ path: String, as setting: String) throws(LoadError) {
        guard access(path, R_OK) != 0 else { return }
        let reason = String(cString: strerror(errno))
        throw LoadError(
            description:
                "\(setting) names \(path), which cannot be opened: \(reason). Give the path of a PEM file that "
                + "this user may read")
    }

    /// Reads the files and sees that they belong together; also tells until when the certificate is valid.
    ///
    /// - Throws: ``LoadError`` naming the file that cannot be used. Nothing of the key stands in it.
    func configuration() throws(LoadError) -> (tls: TLSConfiguration, ends: Instant) {
        try Self.open(certificate, as: "tls.certificate")
        try Self.open(key, as: "tls.key")
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw LoadError(description: "\(certificate) holds no certificate in PEM, which tls.certificate is to name")
        }
        guard !chain.isEmpty else {
            throw LoadError(description: "\(certificate) holds no certificate in PEM, which tls.certificate is to name")
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw LoadError(
                description: "\(key) holds no private key in PEM without a passphrase, which tls.key is to name")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw LoadError(description: "the key in \(key) is not the one of the certificate in \(certificate)")
        }
        return (configuration, Instant(seconds: Int64(chain[0].notValidAfter)))
    }
}
