import Foundation
import GatehouseCore
import GatehouseTLS
import NIOSSL
import Testing

@testable import GatehouseDelivery

/// Each cause of a failed handshake has its own sentence that says what to do: with real servers if one can be made to
/// fail that way, else by tables.
@Suite struct FailedHandshakeTests {
    private static let now = Instant(seconds: 1_790_000_000)

    private func sentence(
        of tls: NIOSSLContext? = nil, trusting roots: TrustRoots,
        _ steps: [ScriptedServer.Step] = [.write(HTTPSinkTests.ok)]
    ) async throws -> String {
        let server = try await ScriptedServer(on: tls == nil ? .connection : .request, tls: tls) { _, _ in steps }
        var settings = PoolSettings()
        settings.trustRoots = roots
        let bench = try Workbench(settings: settings)
        bench.names.set("good.example", ["127.0.0.1"])
        let outcome = try await bench.send("https://good.example:\(server.port)/")
        #expect(outcome.word == "untrusted", "\(outcome)")
        return outcome.sentence
    }

    @Test func aWrongNameIsToldWithThoseOfTheCertificate() async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            of: authority.server("DNS:a.example,DNS:b.example,IP:127.0.0.9"), trusting: authority.roots)
        #expect(sentence.contains("does not prove the name good.example"), "\(sentence)")
        #expect(sentence.contains("it is for a.example, b.example, 127.0.0.9: correct the host"), "\(sentence)")
    }

    @Test func anExpiredCertificateIsToldWithItsDay() async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            of: authority.server("DNS:good.example", days: "-days -1"), trusting: authority.roots)
        let yesterday = RFC3339.secondsText(Instant(seconds: Int64(Date().timeIntervalSince1970) - 86_400)).prefix(10)
        #expect(sentence.contains("certificate of the receiver expired on \(yesterday)T"), "\(sentence)")
    }

    @Test func aSelfSignedCertificateIsCalledThat() async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            of: authority.server("DNS:good.example", isSelfSigned: true), trusting: authority.roots)
        #expect(sentence.contains("certificate of the receiver is self-signed"), "\(sentence)")
    }

    @Test func anUnknownAuthorityIsNamed() async throws {
        let (authority, other) = (try TLSTests.Authority(), try TLSTests.Authority())
        let sentence = try await sentence(of: authority.server("DNS:good.example"), trusting: other.roots)
        #expect(sentence.contains("the gateway's machine trusts no authority"), "\(sentence)")
        #expect(sentence.contains("Test-Authority") && sentence.contains("intermediate certificates"), "\(sentence)")
    }

    @Test func anOldVersionIsCalledThat() async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            of: authority.server("DNS:good.example", newest: .tlsv11), trusting: authority.roots)
        #expect(sentence == TLSAlert.tooOld(.delivery))
    }

    /// In TLS 1.2 the receiver refuses within the handshake, in 1.3 only after it.
    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func aReceiverThatWantsACertificateIsCalledThat(version: TLSVersion) async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            of: authority.server("DNS:good.example", newest: version, wantsCertificate: true),
            trusting: authority.roots)
        #expect(sentence.contains("client certificate, which this gateway does not have"), "\(sentence)")
        #expect(sentence.contains("let the receiver") || sentence.contains("log"), "\(sentence)")
    }

    /// Plain HTTP to a port with TLS: the answer is a TLS record, or the end.
    @Test(arguments: [
        ([ScriptedServer.Step.bytes([21, 3, 1, 0, 2, 2, 10]), .close], "set https in the URL"),
        ([.bytes([21]), .bytes([3, 3, 0, 2, 2, 40]), .close], "set https in the URL"),
        ([.close], "if it speaks TLS on port"),
        ([.write("SSH-2.0-OpenSSH_9.9\r\n")], "check which program listens there"),
    ])
    func plainHTTPToTLSIsCalledThat(steps: [ScriptedServer.Step], words: String) async throws {
        let server = try await ScriptedServer { _, _ in steps }
        let outcome = try await Workbench().send("http://127.0.0.1:\(server.port)/")
        #expect(outcome.word == "broken" && outcome.sentence.contains(words), "\(outcome)")
    }

    @Test func plainHTTPIsCalledThat() async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(
            trusting: authority.roots, [.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), .close])
        #expect(sentence.contains("speaks plain HTTP on port"), "\(sentence)")
    }

    @Test(arguments: [
        (ScriptedServer.Step.write("SSH-2.0-OpenSSH_9.9\r\n"), "does not speak TLS"),
        (.bytes([21, 3, 3, 0, 2, 2, 70]), "too old"),
        (.bytes([21, 3, 3, 0, 2, 2, 40]), "no cipher in common"),
        (.bytes([21, 3, 3, 0, 2, 2, 112]), "does not know the name good.example"),
        (.bytes([21, 3, 3, 0, 2, 2, 80]), "alert 80"),
        (.bytes([22, 3, 1, 0, 40, 2, 0, 0, 36, 3, 2]), "too old"),
        (.bytes([22, 3, 3, 0, 40, 2, 0, 0, 36, 3, 3]), "closed the connection during the TLS handshake"),
        (.close, "closed the connection as soon as TLS began"),
    ])
    func recordsOfAServerAreUnderstood(step: ScriptedServer.Step, words: String) async throws {
        let authority = try TLSTests.Authority()
        let sentence = try await sentence(trusting: authority.roots, [step, .close])
        #expect(sentence.contains(words), "\(sentence)")
    }

    @Test func aCertificateOfTheFutureIsToldWithItsDay() {
        var failed = FailedHandshake(
            error: NIOSSLError.handshakeFailed(.sslError([])), view: .delivery, host: "good.example", port: 443,
            now: Self.now
        )
        failed.certificate = PeerCertificate(
            from: Instant(seconds: 1_800_000_000), until: Instant(seconds: 1_900_000_000))
        #expect(failed.sentence.contains("not valid before 2027-01-15T08:00:00Z: correct the clock"))
    }

    /// Records come in pieces of any length.
    @Test(arguments: [
        [22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 9, 9, 21, 3, 3, 0, 2, 2, 48], [21, 3, 1, 0, 2, 2, 70],
        Array("HTTP/1.0 400".utf8), Array("220 mail".utf8),
        [22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 1, 9, 9, 20, 3, 1, 0, 1, 1],
        [23, 3, 3, 0, 1, 0], [22, 9],
    ])
    func recordsAreReadAlikeInPiecesOfAnyLength(bytes: [UInt8]) {
        var whole = TLSRecords()
        whole.take(bytes)
        #expect(whole.hasBegun)
        for cut in bytes.indices {
            var pieces = TLSRecords()
            pieces.take(bytes[..<cut])
            pieces.take(bytes[cut...])
            #expect(pieces == whole)
        }
    }

    @Test func aWarningIsNoCause() {
        var records = TLSRecords()
        records.take([21, 3, 3, 0, 2, 1, 112])
        #expect(records.alert == nil && !records.isOver)
        records.take([21, 3, 3, 0, 2, 2, 48])
        #expect(records.alert == 48)
    }

    @Test func anAlertBehindTheHelloIsRead() {
        var records = TLSRecords()
        records.take([22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 9, 9, 21, 3, 3, 0, 2, 2, 48])
        #expect(records.minorVersion == 3 && records.alert == 48 && !records.isForeign && !records.isOver)
        records.take([20, 3, 3, 0, 1, 1, 21, 3, 3, 0, 2, 2, 99])
        #expect(records.isOver && records.alert == 48)
    }
}

/// Each cause of a failed look-up or connection has its own sentence that says what to do.
@Suite struct CauseTests {
    @Test func eachAnswerOfTheResolverHasASentenceWithWhatToDo() {
        let codes: [Int32] = [EAI_NONAME, -5, EAI_AGAIN, EAI_FAIL, EAI_MEMORY]
        let sentences = codes.map(SystemResolver.reason)
        #expect(Set(sentences).count == codes.count)
        for sentence in sentences { #expect(sentence.contains(": "), "\(sentence)") }
    }

    @Test func eachFaultOfAConnectionHasASentenceWithThePortAndWhatToDo() {
        let codes = [ECONNREFUSED, ENETUNREACH, ECONNRESET, ETIMEDOUT, EMFILE, EPERM]
        let sentences = codes.map { Dial.reason($0, port: 8443) }
        #expect(Set(sentences).count == codes.count)
        for sentence in sentences { #expect(sentence.contains(" on port 8443: "), "\(sentence)") }
    }

    @Test func eachPhaseHasASentenceWithWhatToDo() {
        let sentences = Outcome.Phase.allCases.map { Outcome.timedOut($0).sentence }
        #expect(Set(sentences).count == Outcome.Phase.allCases.count)
        for sentence in sentences { #expect(sentence.contains("time-out") && sentence.utf8.count > 60, "\(sentence)") }
    }

    /// The sentence about an answer also holds for a test, which is not retried.
    @Test func anAnswerPromisesNoOtherTry() {
        for status in 300...599 {
            let sentence = Outcome.answered(Outcome.Answer(status: status)).sentence
            #expect(!sentence.contains("tried again"), "\(sentence)")
        }
    }

    @Test func aRedirectIsNotFollowedAndSaysSo() {
        for status in [300, 304, 305] {
            let sentence = Outcome.answered(Outcome.Answer(status: status)).sentence
            #expect(!sentence.contains("redirect") && sentence.contains("with 2xx"), "\(sentence)")
        }
        for status in [301, 302, 303, 307, 308] {
            let sentence = Outcome.answered(Outcome.Answer(status: status)).sentence
            #expect(
                sentence.contains("a redirect, which is not followed: set the url of the subscription"), "\(sentence)")
        }
        #expect(Outcome.answered(Outcome.Answer(status: 204)).sentence == "the receiver answered 204")
        #expect(Outcome.answered(Outcome.Answer(status: 410)).sentence == "the receiver answered 410")
    }
}
