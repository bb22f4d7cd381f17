import GatehouseCore
import GatehouseTLS
import NIOCore
import NIOSSL

/// The client side of TLS: at least 1.2, the chain up to the trusted roots, the name in the certificate; or, for
/// subscriptions that ask for it, any certificate.
struct ClientTLS: Sendable {
    private let verifying: NIOSSLContext?
    private let trusting: NIOSSLContext?

    /// Reads the roots; without roots, no handler is ever made.
    init(_ roots: TrustRoots) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(1)
        switch roots {
        case .system: configuration.trustRoots = .default
        case .file(let path): configuration.trustRoots = .file(path)
        }
        self.verifying = try? NIOSSLContext(configuration: configuration)
        configuration.certificateVerification = .none
        configuration.trustRoots = nil
        self.trusting = try? NIOSSLContext(configuration: configuration)
    }

    /// A handler that requests the host's certificate by name, or checks the certificate against the address if the
    /// host is one, because a server name must not be an address (RFC 6066 §3).
    func handler(for host: String, isAddress: Bool, isVerified: Bool) throws -> NIOSSLClientHandler {
        guard let context = isVerified ? verifying : trusting else { throw FailedHandshake.NoRoots() }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
    }
}
