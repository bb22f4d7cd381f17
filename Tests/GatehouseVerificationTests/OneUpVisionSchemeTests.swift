import Crypto
import Foundation
import Testing

@testable import GatehouseVerification

/// 1UPVISION's signature, as a receiver checks it.
@Suite struct OneUpVisionSchemeTests {
    private static let body = Array(#"{"punch":{"id":2}}"#.utf8)
    private static let secret = "WEBHOOK SECRET"

    private static func signature(_ body: [UInt8] = body, secret: String = secret) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return HMAC<SHA256>.authenticationCode(for: body, using: key).map { String(format: "%02x", $0) }.joined()
    }

    private func verified(
        _ values: [String], body: [UInt8] = body, secret: String = secret
    ) throws(VerificationError) -> VerifiedEvent {
        let request = ReceivedRequest(headers: values.map { (OneUpVisionScheme.header.uppercased(), $0) }, body: body)
        return try Verifier(.oneupvision, secret: secret).verify(request, now: 0)
    }

    @Test func validSignatureIsAccepted() throws {
        let event = try verified([Self.signature()])
        #expect(event.body == Self.body)
        #expect(event.id == nil && event.timestamp == nil, "neither is signed")
    }

    private static let refused: [(values: [String], reason: VerificationError)] = [
        ([], .missingHeader(OneUpVisionScheme.header)), ([""], .emptyHeader(OneUpVisionScheme.header)),
        ([signature(), signature()], .repeatedHeader(OneUpVisionScheme.header)),
        ([String(signature().dropLast())], .malformedHexadecimal), ([signature() + "0"], .malformedHexadecimal),
        ([signature().uppercased()], .malformedHexadecimal), ([" " + signature()], .malformedHexadecimal),
        ([signature(secret: "other")], .wrongSignature), ([signature([])], .wrongSignature),
    ]

    @Test(arguments: refused)
    func anythingElseIsRefused(values: [String], reason: VerificationError) {
        #expect(throws: reason) { try verified(values) }
    }

    @Test func noFlippedBitPasses() {
        for bit in 0..<(Self.body.count * 8) {
            var body = Self.body
            body[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: VerificationError.wrongSignature) { try verified([Self.signature()], body: body) }
        }
    }

    @Test(arguments: ["", String(repeating: "s", count: 4097)])
    func aSecretHas1To4096Characters(_ secret: String) {
        #expect(throws: VerificationError.secretOutOfBounds) { try Verifier(.oneupvision, secret: secret) }
    }
}
