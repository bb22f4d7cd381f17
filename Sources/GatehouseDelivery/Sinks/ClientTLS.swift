import GatehouseCore
import NIOCore
import NIOSSL

/// The client's side of TLS: 1.2 at least, the chain up to the trusted roots, the name in the certificate; or, for
/// subscriptions that ask for it, any certificate at all.
struct ClientTLS: Sendable {
    /// The roots could not be read when the pool was made.
    struct NoRoots: Error {}

    private let verifying: NIOSSLContext?
    private let trusting: NIOSSLContext?

    /// Reads the roots; without any, no handler is ever made.
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

    /// A handler that asks for the host's certificate by name, or holds the certificate to the address where the host
    /// is one, because a server name must not be an address (RFC 6066 §3).
    func handler(for host: String, isAddress: Bool, isVerified: Bool) throws -> NIOSSLClientHandler {
        guard let context = isVerified ? verifying : trusting else { throw NoRoots() }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
    }

    /// What went wrong before the handshake was complete, in words for the owner of the subscription.
    static func outcome(of error: (any Error)?) -> Outcome {
        switch error {
        case is NoRoots:
            .untrusted(reason: "this gateway could not read the certificates that it trusts")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            .untrusted(reason: "the receiver's certificate does not prove its name")
        case let error as NIOSSLExtraError where error == .serverHostnameImpossibleToMatch:
            .untrusted(reason: "no certificate can prove that name")
        case is NIOSSLExtraError:
            .untrusted(reason: "the name cannot be asked for in TLS")
        case .some(NIOSSLError.unableToValidateCertificate), .some(NIOSSLError.noCertificateToValidate):
            .untrusted(reason: "the receiver's certificate could not be checked")
        case .some(NIOSSLError.handshakeFailed):
            .untrusted(
                reason: "TLS could not be agreed on: the certificate is not trusted or out of date, or there is no "
                    + "common version (1.2 at least)")
        case .some, .none:
            .untrusted(reason: "the connection was closed during the TLS handshake")
        }
    }
}
