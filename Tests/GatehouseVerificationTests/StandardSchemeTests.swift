import GatehouseVerification
import Testing

/// What Standard Webhooks 1.0 accepts, and what it must refuse.
@Suite struct StandardSchemeTests {
    @Test(arguments: Vector.all)
    func aSignedRequestVerifies(_ vector: Vector) throws {
        let event = try vector.verifier().verify(vector.request, now: vector.timestamp)
        #expect(event.id == vector.id)
        #expect(event.timestamp == vector.timestamp)
        #expect(event.body == vector.body)
    }

    @Test func duringARotationEitherSecretVerifies() throws {
        let (old, new) = (Vector.rotated, Vector.afterRotation)
        let both = old.request(signature: "\(new.signature) \(old.signature)")
        for vector in [old, new] {
            #expect(try vector.verifier().verify(both, now: vector.timestamp).id == vector.id)
        }
    }

    @Test func aSignatureOfAVersionToComeIsPassedOver() throws {
        let vector = Vector.rotated
        let request = vector.request(signature: "v1a,c29tZXRoaW5n \(vector.signature) v2,another")
        #expect(try vector.verifier().verify(request, now: vector.timestamp).id == vector.id)
    }

    @Test func aSecretOfAnotherSubscriptionRefuses() throws {
        let verifier = try Vector.unicode.verifier()
        #expect(throws: VerificationError.wrongSignature) {
            try verifier.verify(Vector.rotated.request, now: Vector.rotated.timestamp)
        }
    }

    @Test(arguments: RefusedSignature.all)
    func aSpoiltSignatureHeaderIsRefused(_ refused: RefusedSignature) throws {
        let vector = Vector.published
        let verifier = try vector.verifier()
        #expect(throws: refused.reason) {
            try verifier.verify(vector.request(signature: refused.header), now: vector.timestamp)
        }
    }

    @Test func noTruncatedSignatureVerifies() throws {
        let vector = Vector.published
        let verifier = try vector.verifier()
        for length in 0..<vector.signature.count {
            let request = vector.request(signature: String(vector.signature.prefix(length)))
            #expect(throws: VerificationError.self, "\(length) characters") {
                try verifier.verify(request, now: vector.timestamp)
            }
        }
    }

    @Test(arguments: [
        "", " ", "evt rotation", "evt\nrotation", "evt\u{0}", "é", "evt.rotation", ".",
        String(repeating: "x", count: 257),
    ])
    func anIdThatNoSenderMakesIsRefused(_ id: String) throws {
        let vector = Vector.rotated
        let reason: VerificationError = id.isEmpty ? .emptyHeader("webhook-id") : .malformedIdentifier
        let verifier = try vector.verifier()
        #expect(throws: reason) { try verifier.verify(vector.request(id: id), now: vector.timestamp) }
    }

    @Test(arguments: [
        "-1", "+1773216930", "1773216930.0", " 1773216930", "1773216930 ", "1e9", "0x10", "١٧٧٣", "1773216930123456",
        "2026-03-11T08:15:30Z",
    ])
    func aTimestampThatIsNoNumberOfSecondsIsRefused(_ timestamp: String) throws {
        let vector = Vector.rotated
        let verifier = try vector.verifier()
        #expect(throws: VerificationError.malformedTimestamp) {
            try verifier.verify(vector.request(timestamp: timestamp), now: vector.timestamp)
        }
    }

    /// `a` + `1` + `2.{}` and `a.1` + `2` + `{}` are signed as the same bytes; only the first may verify.
    @Test func theBordersOfWhatIsSignedCannotBeShifted() throws {
        let signed = Vector(
            name: "shift", secret: Vector.rotated.secret, id: "a", timestamp: 1, body: Array("2.{}".utf8),
            signature: "v1,egakSj/gFVFfFBnCiBkx5/rAUAOPwhD93mNT6Vc1gC4=")
        let verifier = try signed.verifier()
        #expect(try verifier.verify(signed.request, now: 1).id == "a")
        #expect(throws: VerificationError.malformedIdentifier) {
            try verifier.verify(signed.request(id: "a.1", timestamp: "2", body: Array("{}".utf8)), now: 2)
        }
    }
}

/// A value of `webhook-signature` that must be refused, and why.
struct RefusedSignature: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let header: String
    let reason: VerificationError

    init(_ name: String, _ header: String, _ reason: VerificationError) {
        self.testDescription = name
        self.header = header
        self.reason = reason
    }

    private static let good = Vector.published.signature
    private static let encoded = String(good.dropFirst(3))

    static let all = [
        RefusedSignature("empty", "", .emptyHeader("webhook-signature")),
        RefusedSignature("a blank", " ", .malformedSignature),
        RefusedSignature("the version alone", "v1", .noKnownSignature),
        RefusedSignature("the version and no signature", "v1,", .malformedSignature),
        RefusedSignature("no version", encoded, .noKnownSignature),
        RefusedSignature("another version", "v2," + encoded, .noKnownSignature),
        RefusedSignature("the version in capitals", "V1," + encoded, .noKnownSignature),
        RefusedSignature("one character short", String(good.dropLast()), .malformedSignature),
        RefusedSignature("half", String(good.prefix(23)), .malformedSignature),
        RefusedSignature("one byte, well padded", "v1,gw==", .malformedSignature),
        RefusedSignature("one character more", good + "A", .malformedSignature),
        RefusedSignature("one byte more", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OEA", .malformedSignature),
        RefusedSignature("written twice in a row", "v1," + encoded + encoded, .malformedSignature),
        RefusedSignature("listed twice", "\(good) \(good)", .repeatedSignature),
        RefusedSignature("joined by a proxy", "\(good), \(good)", .malformedSignature),
        RefusedSignature("a cut one beside a good one", "\(good) \(good.dropLast(4))", .malformedSignature),
        RefusedSignature("two blanks between", "\(good)  v2,x", .malformedSignature),
        RefusedSignature("a blank before", " " + good, .malformedSignature),
        RefusedSignature("a blank behind", good + " ", .malformedSignature),
        RefusedSignature("a line break inside", good + "\n", .malformedSignature),
        RefusedSignature("unused bits set", String(good.dropLast(2)) + "F=", .malformedSignature),
        RefusedSignature(
            "the URL alphabet", "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=", .malformedSignature),
        RefusedSignature("hexadecimal", "v1," + String(repeating: "0f", count: 32), .malformedSignature),
        RefusedSignature(
            "nine of them", Array(repeating: "v2,x", count: 8).joined(separator: " ") + " " + good, .tooManySignatures),
        RefusedSignature(
            "of another message", "v1,N+Hx3edQLOlFWLC6mCr/sY5tyN1fcB3a/kg4SRyryWQ=", .wrongSignature),
    ]
}
