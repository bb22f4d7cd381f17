import Foundation
import GatehouseTesting
import GatehouseVerification
import Testing

import struct GatehouseCore.SeededRandom

/// ProdataKey's signature, by vectors that an independent implementation (Python's hmac) computed.
@Suite struct ProdataKeySchemeTests {
    struct Signed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let secret: String
        let body: String
        let signature: String
        let id: String?

        func request(_ signature: String? = nil, header: String = "X-PDK-SIGNATURE", body: [UInt8]? = nil)
            -> ReceivedRequest
        {
            ReceivedRequest(
                headers: [("Content-Type", "application/json"), (header, signature ?? self.signature)],
                body: body ?? Array(self.body.utf8))
        }

        func verified(_ request: ReceivedRequest) throws -> VerifiedEvent {
            try Verifier(.prodatakey, secret: secret).verify(request, now: 1_646_922_708)
        }
    }

    private static func fixture(_ name: String) -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let data = FileManager.default.contents(atPath: folder.appending(path: "\(name).json").path) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    static let allowed = Signed(
        testDescription: "door.request.allowed, as the document prints it", secret: "vvHkDbPeIespEKDprlvzlstDPPhLJnxG",
        body: fixture("prodatakey-allowed"),
        signature: "33dfb7b0de2fda358ae797bfc65141d73baca546",
        id: "door.request.allowed 679521e4-c455-423f-8155-d012c98f5dcc")

    static let all = [
        allowed,
        Signed(
            testDescription: "a secret beyond ASCII, no body", secret: "ção", body: "",
            signature: "628c617b1c091c94537dc211496441d414aba73c", id: nil),
        Signed(
            testDescription: "the longest secret, no id", secret: String(repeating: "k", count: 255),
            body: fixture("prodatakey-connected"),
            signature: "26ce9038a466d90de24d12e3443aaf8e41c46bf4", id: nil),
    ]

    @Test(arguments: all)
    func aVectorVerifies(_ signed: Signed) throws {
        let event = try signed.verified(signed.request())
        #expect(event.id == signed.id)
        #expect(event.timestamp == nil)
        #expect(event.body == Array(signed.body.utf8))
    }

    @Test(arguments: ["X-PDK-SIGNATURE", "x-pdk-signature", "X_PDK_SIGNATURE"])
    func bothSpellingsOfTheHeaderAreTaken(_ header: String) throws {
        #expect(throws: Never.self) { try Self.allowed.verified(Self.allowed.request(header: header)) }
    }

    @Test(
        arguments: [
            ("", .emptyHeader("x-pdk-signature")), ("33dfb7b0de2fda358ae797bfc65141d73baca5", .malformedHexadecimal),
            ("33dfb7b0de2fda358ae797bfc65141d73baca54600", .malformedHexadecimal),
            ("33DFB7B0DE2FDA358AE797BFC65141D73BACA546", .malformedHexadecimal),
            ("g3dfb7b0de2fda358ae797bfc65141d73baca546", .malformedHexadecimal),
            (" 33dfb7b0de2fda358ae797bfc65141d73baca546", .malformedHexadecimal),
            ("sha1=33dfb7b0de2fda358ae797bfc65141d73baca546", .malformedHexadecimal),
            ("33dfb7b0de2fda358ae797bfc65141d73baca547", .wrongSignature),
            ("0000000000000000000000000000000000000000", .wrongSignature),
        ] as [(String, VerificationError)])
    func anySignatureButTheOneIsRefused(_ signature: String, _ reason: VerificationError) {
        #expect(throws: reason) { try Self.allowed.verified(Self.allowed.request(signature)) }
    }

    @Test func aMissingOrDoubledHeaderIsRefused() {
        var request = Self.allowed.request()
        request.headers.append(("x_pdk_signature", Self.allowed.signature))
        #expect(throws: VerificationError.repeatedHeader("x-pdk-signature")) { try Self.allowed.verified(request) }
        request.headers = []
        #expect(throws: VerificationError.missingHeader("x-pdk-signature")) { try Self.allowed.verified(request) }
    }

    @Test func noFlippedBitOfTheBodyPasses() throws {
        var random = SeededRandom.fresh()
        for _ in 0..<500 {
            var body = Array(Self.allowed.body.utf8)
            body[Int.random(in: body.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: VerificationError.wrongSignature, "seed \(random.seed)") {
                try Self.allowed.verified(Self.allowed.request(body: body))
            }
        }
    }

    @Test func aSecretHas1To255Characters() throws {
        for length in [0, 256] {
            #expect(throws: VerificationError.secretOutOfBounds) {
                try Verifier(.prodatakey, secret: String(repeating: "é", count: length))
            }
        }
        #expect(throws: Never.self) { try Verifier(.prodatakey, secret: String(repeating: "é", count: 255)) }
        #expect(throws: VerificationError.wrongSignature) {
            try Verifier(.prodatakey, secret: "another").verify(Self.allowed.request(), now: 0)
        }
    }
}
