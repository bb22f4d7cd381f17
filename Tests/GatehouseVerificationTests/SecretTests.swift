import Foundation
import GatehouseVerification
import Testing

/// A secret is read once, and a wrong secret is a different error than a wrong request.
@Suite struct SecretTests {
    @Test(arguments: 0...80)
    func aKeyHas24To64Bytes(_ count: Int) throws {
        let secret = "whsec_" + Data(repeating: 7, count: count).base64EncodedString()
        if (24...64).contains(count) {
            #expect(throws: Never.self) { try Verifier(.standard, secret: secret) }
        } else {
            #expect(throws: VerificationError.secretLength) { try Verifier(.standard, secret: secret) }
        }
    }

    @Test(
        arguments: [
            ("", .secretWithoutPrefix),
            ("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", .secretWithoutPrefix),
            ("WHSEC_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", .secretWithoutPrefix),
            (" whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", .secretWithoutPrefix),
            ("whsec_", .secretLength),
            ("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA", .secretNotBase64),
            ("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n", .secretNotBase64),
            ("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB=", .secretNotBase64),
            ("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e_-A=", .secretNotBase64),
            ("whsec_•••", .secretNotBase64),
        ] as [(String, VerificationError)])
    func aSecretThatWasNotCopiedWholeIsRefused(_ secret: String, _ reason: VerificationError) {
        #expect(throws: reason) { try Verifier(.standard, secret: secret) }
    }

    @Test func noReasonQuotesTheSecretOrTheSignature() throws {
        let vector = Vector.rotated
        let words = [String(vector.secret.dropFirst(6)), String(vector.signature.dropFirst(3)), "door.forced"]
        let reasons = [
            VerificationError.secretWithoutPrefix, .secretNotBase64, .secretLength, .negativeTolerance,
            .missingHeader("webhook-id"), .repeatedHeader("webhook-id"), .emptyHeader("webhook-id"),
            .malformedIdentifier,
            .malformedTimestamp, .stale(age: .seconds(301)), .ahead(by: .seconds(301)), .noKnownSignature,
            .malformedSignature, .repeatedSignature, .tooManySignatures, .wrongSignature,
            .secretOutOfBounds, .malformedHexadecimal, .missingToken, .wrongToken, .malformedBody,
            .missingField("signature"), .repeatedField("signature"), .malformedTime,
        ]
        #expect(Set(reasons.map(\.description)).count == reasons.count)
        for reason in reasons {
            #expect(!words.contains { reason.description.contains($0) })
        }
    }
}
