package import GatehouseCore
internal import NIOSSL

/// A TLS handshake that failed, with the known facts: enough to name the cause, and what to do about it.
package struct FailedHandshake {
    /// This end has no trusted certificates.
    package struct NoRoots: Error {
        /// An error without further information.
        package init() {}
    }

    /// The error of the TLS library or the socket; nil if the connection ended.
    package var error: (any Error)?
    /// The records that the other end sent in the clear.
    package var records = TLSRecords()
    /// The other end's certificate.
    package var certificate: PeerCertificate?
    /// Whether this end had completed the handshake, and the other end has then only refused it. In TLS 1.3 a server
    /// judges the client certificate only then (RFC 8446 section 4.4.2.4).
    package var isRefusedBehind = false
    /// The readers of the sentence.
    package let view: HandshakeView
    /// The host of the URL.
    package let host: String
    /// Its port.
    package let port: Int
    /// The present instant.
    package let now: Instant

    /// Describes a handshake that failed.
    package init(error: (any Error)?, view: HandshakeView, host: String, port: Int, now: Instant) {
        self.error = error
        self.view = view
        self.host = host
        self.port = port
        self.now = now
    }

    /// Whether the error is a report of the TLS library about an alert or a fault of the other end, and not an end of
    /// the connection.
    package static func isRefusal(_ error: any Error) -> Bool {
        if case .sslError(let stack)? = error as? BoringSSLError { return stack != [.eofDuringHandshake] }
        return false
    }

    /// Whether the connection only ended, which may be temporary: no message of the other end and no fault of its
    /// certificate ended it.
    package var isMereEnd: Bool {
        !isRefusedBehind && isEnded && !records.isForeign && records.alert == nil && !speaksOldVersion
    }

    /// The cause, and what to do.
    package var sentence: String {
        if isRefusedBehind { return wantsCertificate }
        return switch error {
        case is NoRoots:
            "\(view.own) could not read the certificates that it trusts: install them on its machine (in Debian the "
                + "package ca-certificates)"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: wrongName
        case let error as NIOSSLExtraError where error == .serverHostnameImpossibleToMatch:
            "no certificate can prove the name \(host): use another name in the URL"
        case is NIOSSLExtraError:
            "the name \(host) cannot be used in TLS: use another name in the URL"
        case .some, .none: sentenceByRecords
        }
    }

    private var sentenceByRecords: String {
        if records.isHTTP {
            return "\(view.other) speaks plain HTTP on port \(port), not TLS: correct the port or the scheme of the URL"
        }
        if records.isForeign {
            return "the program on port \(port) does not speak TLS: correct the port or the scheme of the URL"
        }
        if let alert = records.alert { return TLSAlert.sentence(alert, host: host, view) }
        if speaksOldVersion { return TLSAlert.tooOld(view) }
        if isEnded {
            return records.hasBegun
                ? "\(view.other) closed the connection during the TLS handshake: read the log of \(view.other)"
                : "\(view.other) closed the connection as soon as TLS began: it may not speak TLS on port \(port), or "
                    + "a firewall or proxy in between blocks \(view.own)"
        }
        guard let certificate else {
            return "the two ends share no version or cipher of TLS: read the log of \(view.other)"
        }
        return sentence(against: certificate)
    }

    private var wantsCertificate: String {
        "\(view.other) refused the connection right after the TLS handshake, like a server that requires a client "
            + "certificate, which \(view.own) does not have: \(view.withoutCertificate), "
            + "or read its log"
    }

    private var speaksOldVersion: Bool { records.minorVersion.map { $0 < 3 } ?? false }

    /// Whether the connection ended and there is no other error.
    private var isEnded: Bool {
        switch error {
        case is NoRoots, is NIOSSLExtraError: false
        case .some(NIOSSLError.handshakeFailed(.sslError(let stack))): stack == [.eofDuringHandshake]
        case .some(is NIOSSLError): false
        case .some, .none: true
        }
    }

    private var wrongName: String {
        let names = certificate?.names ?? []
        let offer =
            names.isEmpty
            ? "it names none: give \(view.other) a certificate with \(host) as a subject alternative name"
            : "it is for \(names.joined(separator: ", ")): correct the host of the URL, or give \(view.other) a "
                + "certificate for \(host)"
        return "the certificate of \(view.other) does not prove the name \(host); \(offer)"
    }

    private func sentence(against certificate: PeerCertificate) -> String {
        if certificate.until < now {
            return "the certificate of \(view.other) expired on \(RFC3339.secondsText(certificate.until)): renew it "
                + "there"
        }
        if certificate.from > now {
            return "the certificate of \(view.other) is not valid before \(RFC3339.secondsText(certificate.from)): "
                + "correct the clock of \(view.machine), or the certificate"
        }
        if certificate.isSelfSigned {
            return "the certificate of \(view.other) is self-signed: give \(view.other) one of an authority that "
                + "\(view.machine) trusts; or \(view.trust)"
        }
        return "\(view.machine) trusts no authority of the certificate of \(view.other), which "
            + "\(certificate.issuer) issued: have \(view.other) send its intermediate certificates too; or take that "
            + "authority's certificate and \(view.trust)"
    }
}

/// The alerts with which a server refuses a handshake (RFC 8446 section 6, RFC 6066 section 3).
package enum TLSAlert {
    /// The other end only supports old versions of TLS.
    package static func tooOld(_ view: HandshakeView) -> String {
        "\(view.other) speaks a version of TLS that is too old: set up TLS 1.2 or 1.3 there"
    }

    /// The meaning of the alert with that number, and what to do.
    package static func sentence(_ number: UInt8, host: String, _ view: HandshakeView) -> String {
        let log = "read the log of \(view.other)"
        return switch number {
        case 70, 86: tooOld(view)
        case 40, 71:
            "\(view.other) refused the TLS handshake: it has no cipher in common with \(view.own), or it requires a "
                + "client certificate, which \(view.own) does not have (alert \(number)): \(log)"
        case 42...46, 48, 116:
            "\(view.other) requires a client certificate, which \(view.own) does not have (alert \(number)): "
                + view.withoutCertificate
        case 112: "\(view.other) does not know the name \(host) (alert 112): correct the host of the URL"
        case 120: "\(view.other) does not speak HTTP/1.1 (alert 120): set it up there"
        case 0: "\(view.other) closed the connection during the TLS handshake: \(log)"
        default: "\(view.other) refused the TLS handshake (alert \(number)): \(log)"
        }
    }
}
