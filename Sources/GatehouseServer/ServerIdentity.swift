internal import GatehouseCore
internal import NIOSSL

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The files of the server's TLS identity, both in PEM.
package struct ServerIdentity: Hashable, Sendable {
    /// The path of the certificate, followed by its chain in the same file.
    package var certificate: String
    /// The path of its private key.
    package var key: String

    /// Names the two files; they are read when the server starts.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Why the gateway cannot use TLS, for the operator who named the files.
    package struct LoadError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and with which file.
        package let description: String
    }

    /// Checks that a file can be opened; the error has the system's reason.
    private static func open(_ path: String, as setting: String) throws(LoadError) {
        guard access(path, R_OK) != 0 else { return }
        let reason = String(cString: strerror(errno))
        throw LoadError(
            description:
                "\(setting) names \(path), which cannot be opened: \(reason). Give the path of a PEM file that "
                + "this user may read")
    }

    /// Reads the files and checks that they belong together; also returns the end of the certificate's validity.
    ///
    /// - Throws: ``LoadError`` with the name of the file that cannot be used. It contains nothing of the key.
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
