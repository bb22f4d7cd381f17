import GatehouseCore
import NIOSSL

/// A TLS handshake that failed, and what is known of it: enough to say the cause, and what to do about it.
struct FailedHandshake {
    /// What the TLS library or the socket reported; nil where the connection ended.
    var error: (any Error)?
    /// What the receiver had sent in the clear.
    var records = TLSRecords()
    /// The certificate that it presented.
    var certificate: PeerCertificate?
    /// The host of the URL.
    let host: String
    /// Its port.
    let port: Int
    /// The present instant.
    let now: Instant

    /// What the try met, in words for the owner of the subscription.
    var outcome: Outcome { .untrusted(reason: reason) }

    private var reason: String {
        switch error {
        case is ClientTLS.NoRoots:
            "this gateway could not read the certificates that it trusts: install them on its machine (in Debian the "
                + "package ca-certificates)"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: wrongName
        case let error as NIOSSLExtraError where error == .serverHostnameImpossibleToMatch:
            "no certificate can prove the name \(host): use another name in the URL"
        case is NIOSSLExtraError:
            "the name \(host) cannot be asked for in TLS: use another name in the URL"
        case .some, .none: reasonByRecords
        }
    }

    private var reasonByRecords: String {
        if records.isHTTP {
            return "the receiver speaks plain HTTP on port \(port), not TLS: correct the port or the scheme of the URL"
        }
        if records.isForeign {
            return "what answers on port \(port) does not speak TLS: correct the port or the scheme of the URL"
        }
        if let alert = records.alert { return TLSAlert.sentence(alert, host: host) }
        if let version = records.minorVersion, version < 3 { return TLSAlert.tooOld }
        if isEnded {
            return records.hasBegun
                ? "the receiver closed the connection during the TLS handshake: look into the receiver's log"
                : "the receiver closed the connection as soon as TLS began: it may not speak TLS on port \(port), or "
                    + "a firewall or proxy in between does not let this gateway in"
        }
        guard let certificate else {
            return "TLS could not be agreed on: what the receiver sent is not understood; look into the receiver's log"
        }
        return reason(against: certificate)
    }

    /// Whether the connection ended, and nothing else was wrong.
    private var isEnded: Bool {
        switch error {
        case .some(NIOSSLError.handshakeFailed(.sslError(let stack))): stack == [.eofDuringHandshake]
        case .some(is NIOSSLError): false
        case .some, .none: true
        }
    }

    private var wrongName: String {
        let names = certificate?.names ?? []
        let offer =
            names.isEmpty
            ? "it names none: give the receiver a certificate with \(host) as a subject alternative name"
            : "it is for \(names.joined(separator: ", ")): correct the host of the URL, or give the receiver a "
                + "certificate for \(host)"
        return "the receiver's certificate does not prove the name \(host); \(offer)"
    }

    private func reason(against certificate: PeerCertificate) -> String {
        if certificate.until < now {
            return "the receiver's certificate expired on \(RFC3339.secondsText(certificate.until)): renew it at the "
                + "receiver"
        }
        if certificate.from > now {
            return "the receiver's certificate is not valid before \(RFC3339.secondsText(certificate.from)): correct "
                + "the clock of the gateway's machine, or the certificate"
        }
        if certificate.isSelfSigned {
            return "the receiver's certificate is self-signed: give the receiver one of an authority that the "
                + "gateway's machine trusts, or have that machine trust this one"
        }
        return "no authority that the gateway trusts stands behind the receiver's certificate, which "
            + "\(certificate.issuer) issued: have the receiver send its intermediate certificates too, or have the "
            + "gateway's machine trust that authority"
    }
}

/// The alerts by which a server refuses a handshake (RFC 8446 section 6, RFC 6066 section 3).
enum TLSAlert {
    /// A receiver that knows old versions of TLS alone.
    static let tooOld =
        "the receiver speaks a version of TLS that is too old: set up TLS 1.2 or 1.3 at the receiver"

    /// What the alert of that number means, and what to do.
    static func sentence(_ number: UInt8, host: String) -> String {
        switch number {
        case 70, 86: tooOld
        case 40, 71:
            "the receiver refused the TLS handshake: it has no cipher in common with this gateway, or it asks for a "
                + "certificate of the caller, which this gateway does not have (alert \(number))"
        case 42...46, 48, 116:
            "the receiver asks for a certificate of the caller, which this gateway does not have (alert \(number)): "
                + "let the receiver take deliveries without one"
        case 112: "the receiver does not know the name \(host) (alert 112): correct the host of the URL"
        case 120: "the receiver does not speak HTTP/1.1 (alert 120): set it up at the receiver"
        case 0: "the receiver closed the connection during the TLS handshake: look into the receiver's log"
        default: "the receiver refused the TLS handshake (alert \(number)): look into the receiver's log"
        }
    }
}
