import GatehouseCore
import GatehouseVerification
import Testing

@testable import gatehouse

@Suite struct CapturedRequestTests {
    private static let secret = Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    private static let body = #"{"type":"door.forced"}"#

    private static func capture(_ end: String, _ headers: [String], _ body: String = body) -> [UInt8] {
        Array((["POST /events HTTP/1.1"] + headers + ["", body]).joined(separator: end).utf8)
    }

    private static func signed(at seconds: Int64) throws -> [String] {
        let signature = try #require(StandardWebhooks(secret: secret))
            .signature(id: "e1", timestamp: String(seconds), body: Array(body.utf8))
        return [
            "Host: a.example", "webhook-id: e1", "webhook-timestamp: \(seconds)", "webhook-signature: \(signature)",
        ]
    }

    @Test(arguments: ["\r\n", "\n"])
    func aSignedCaptureVerifiesWithEitherLineEnd(end: String) throws {
        let request = try CapturedRequest(Self.capture(end, Self.signed(at: 1_000_000)))
        let verifier = try Verifier(.standard, secret: Self.secret.revealed)
        #expect(try verifier.verify(request.received, now: 1_000_010).id == "e1")
        #expect(throws: VerificationError.stale(age: .seconds(5000))) {
            try verifier.verify(request.received, now: 1_005_000)
        }
    }

    @Test func aChangedBodyDoesNotVerify() throws {
        let request = try CapturedRequest(Self.capture("\r\n", Self.signed(at: 1_000_000), Self.body + " "))
        let verifier = try Verifier(.standard, secret: Self.secret.revealed)
        #expect(throws: VerificationError.wrongSignature) { try verifier.verify(request.received, now: 1_000_000) }
    }

    @Test func contentLengthCutsALineFeedThatAnEditorAdded() throws {
        let request = try CapturedRequest(
            Self.capture("\r\n", ["Content-Length: \(Self.body.count)"], Self.body + "\n"))
        #expect(request.body == Array(Self.body.utf8))
    }

    @Test func everyHeaderLineIsKeptAsItStood() throws {
        let request = try CapturedRequest(Self.capture("\n", ["A:1", "a:  2 ", "Empty:"]))
        #expect(request.headers.map(\.name) == ["A", "a", "Empty"])
        #expect(request.headers.map(\.value) == ["1", "2", ""])
    }

    @Test(arguments: [
        "", "POST /events HTTP/1.1\r\nA: 1\r\n", "hello\n\nbody", "POST /events HTTP/1.1\r\nno colon\r\n\r\n",
        "POST /events HTTP/1.1\r\n: x\r\n\r\n", "POST /events HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n",
        "POST /events HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", "POST /events HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST /events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func textThatIsNoRequestIsNamed(text: String) {
        #expect(throws: CapturedRequest.Unreadable.self) { try CapturedRequest(Array(text.utf8)) }
    }
}
