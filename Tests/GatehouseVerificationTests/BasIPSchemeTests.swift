import GatehouseTesting
import GatehouseVerification
import Testing

import struct GatehouseCore.SeededRandom

/// BAS-IP's signature, by vectors that an independent implementation (Python's hmac) computed.
@Suite struct BasIPSchemeTests {
    struct Signed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let secret: String
        let body: String
        let signature: String
        let id: String?

        func request(_ signature: String? = nil, header: String = "X-Webhook-Signature", body: [UInt8]? = nil)
            -> ReceivedRequest
        {
            ReceivedRequest(
                headers: [
                    ("Content-Type", "application/json"), (header, signature ?? self.signature),
                    ("X-Webhook-Timestamp", "2025-04-29T20:39:14Z"), ("X-Webhook-Attempt", "6"),
                ], body: body ?? Array(self.body.utf8))
        }

        func verified(_ request: ReceivedRequest) throws -> VerifiedEvent {
            try Verifier(.basip, secret: secret).verify(request, now: 1_773_216_930)
        }
    }

    static let badge = Signed(
        testDescription: "a badge", secret: "de35f883b0d91c78fc8f27b8cb827a7a",
        body: """
            {"data":{"lock":1,"number":"0011223344","owner":"Ana Reis","type":"card","apartment_address":"12",\
            "category":"access","priority":"low","text":"Access granted by a valid identifier: Ana Reis, \
            apartment 12, card 0011223344, lock 1"},"created_at":1745947873611,"event_id":45,\
            "event_type":"log.access_granted_by_valid_identifier"}
            """, signature: "b1bea86459d62768b99cf4943dbe0194a633435857d697266d91730c1d06d7ef", id: "45")

    static let all = [
        badge,
        Signed(
            testDescription: "the longest secret, a test", secret: String(repeating: "k", count: 128),
            body: #"{"data":{"test":"success"},"created_at":1745947873611,"event_id":0,"#
                + #""event_type":"log.access_granted_by_api_call"}"#,
            signature: "f2e3e3cf3ef67dd47cb44edfd25051f73a4e4c458316b05d24a78267ec7736a7", id: nil),
        Signed(
            testDescription: "the shortest secret, beyond ASCII, no body", secret: "çãoçãoçãoçãoçãoç", body: "",
            signature: "6af95cdf7504ffee5ce5a0e170e48e0ddde8c5a5458d48fb28fc6a4e92daba4e", id: nil),
    ]

    @Test(arguments: all)
    func aVectorVerifies(_ signed: Signed) throws {
        let event = try signed.verified(signed.request())
        #expect(event.id == signed.id)
        #expect(event.timestamp == nil)
        #expect(event.body == Array(signed.body.utf8))
    }

    @Test(arguments: ["X-Webhook-Signature", "x-webhook-signature", "X-WEBHOOK-SIGNATURE"])
    func theCaseOfTheHeaderDoesNotMatter(_ header: String) throws {
        #expect(throws: Never.self) { try Self.badge.verified(Self.badge.request(header: header)) }
    }

    @Test func anySignatureButTheOneIsRefused() {
        let right = Self.badge.signature
        for (signature, reason) in [
            ("", .emptyHeader("x-webhook-signature")), (String(right.dropLast()), .malformedHexadecimal),
            (String(right.dropLast(2)), .malformedHexadecimal), (right + "00", .malformedHexadecimal),
            (right + right, .malformedHexadecimal), ("\(right),\(right)", .malformedHexadecimal),
            (right.uppercased(), .malformedHexadecimal), (" \(right)", .malformedHexadecimal),
            ("g" + right.dropFirst(), .malformedHexadecimal), ("sha256=\(right)", .malformedHexadecimal),
            (right.dropLast() + "0", .wrongSignature), (String(repeating: "0", count: 64), .wrongSignature),
        ] as [(String, VerificationError)] {
            #expect(throws: reason, "\(signature)") { try Self.badge.verified(Self.badge.request(signature)) }
        }
    }

    @Test func aMissingOrDoubledHeaderIsRefused() {
        var request = Self.badge.request()
        request.headers.append(("x-webhook-signature", Self.badge.signature))
        #expect(throws: VerificationError.repeatedHeader("x-webhook-signature")) { try Self.badge.verified(request) }
        request.headers = []
        #expect(throws: VerificationError.missingHeader("x-webhook-signature")) { try Self.badge.verified(request) }
    }

    @Test func noFlippedBitOfTheBodyPasses() throws {
        var random = SeededRandom.fresh()
        for _ in 0..<500 {
            var body = Array(Self.badge.body.utf8)
            body[Int.random(in: body.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: VerificationError.wrongSignature, "seed \(random.seed)") {
                try Self.badge.verified(Self.badge.request(body: body))
            }
        }
    }

    @Test func aSecretHas16To128Characters() throws {
        for length in [0, 15, 129] {
            #expect(throws: VerificationError.secretOutOfBounds) {
                try Verifier(.basip, secret: String(repeating: "é", count: length))
            }
        }
        for length in [16, 128] {
            #expect(throws: Never.self) { try Verifier(.basip, secret: String(repeating: "é", count: length)) }
        }
        #expect(throws: VerificationError.wrongSignature) {
            try Verifier(.basip, secret: "another secret of a right length").verify(Self.badge.request(), now: 0)
        }
    }
}
