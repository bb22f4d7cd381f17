import Testing

@testable import GatehouseCore

/// Secrets and signatures of Standard Webhooks 1.0.
@Suite struct StandardWebhooksTests {
    /// The example that the specification's reference libraries are tested with.
    @Test func thePublishedExampleIsSignedAsPublished() throws {
        let signer = try #require(StandardWebhooks(secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let signature = signer.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func everyPartIsSigned() throws {
        let signer = try #require(StandardWebhooks(secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let made = [("a", "1", "x"), ("b", "1", "x"), ("a", "2", "x"), ("a", "1", "y"), ("a", "1", "")].map {
            signer.signature(id: $0.0, timestamp: $0.1, body: Array($0.2.utf8))
        }
        #expect(Set(made).count == made.count)
    }

    // swift-format-ignore
    private static let secrets: [(text: String, isRight: Bool, why: String)] = [
        ("whsec_" + base64(24),                        true,  "the shortest"),
        ("whsec_" + base64(25),                        true,  "with padding"),
        ("whsec_" + base64(64),                        true,  "the longest"),
        ("whsec_" + base64(23),                        false, "too short"),
        ("whsec_" + base64(65),                        false, "too long"),
        ("whsec_",                                     false, "nothing behind the mark"),
        ("",                                           false, "nothing at all"),
        (base64(32),                                   false, "no mark"),
        ("WHSEC_" + base64(32),                        false, "the mark in capitals"),
        ("whsk_" + base64(32),                         false, "the mark of another scheme"),
        (" whsec_" + base64(32),                       false, "a space before"),
        ("whsec_" + base64(32) + "\n",                 false, "a line feed behind"),
        ("whsec_" + base64(30).dropLast() + "-",       false, "the alphabet of URLs"),
        ("whsec_" + base64(25).filter { $0 != "=" },   false, "padding left out"),
        ("whsec_" + base64(24) + "=",                  false, "padding too much"),
        ("whsec_" + base64(24) + "====",               false, "padding of nothing"),
        ("whsec_" + base64(24).dropLast(),             false, "cut off"),
        ("whsec_" + String(base64(24).prefix(32)) + "AB==", false, "bits behind the last byte"),
        ("whsec_" + base64(24).replacing("A", with: "é"),   false, "beyond ASCII"),
    ]

    /// The base64 of so many zero bytes, written without the library that is tested.
    private static func base64(_ bytes: Int) -> String {
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: 3)
        return String(repeating: "AAAA", count: whole) + ["", "AA==", "AAA="][rest]
    }

    @Test(arguments: secrets)
    func aSecretIsReadInOneSpelling(text: String, isRight: Bool, why: String) {
        #expect((StandardWebhooks(secret: Secret(text)) != nil) == isRight, "\(why)")
    }

    @Test func aMadeSecretIsReadAndHas32Bytes() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            let secret = StandardWebhooks.makeSecret(using: &random)
            #expect(StandardWebhooks(secret: secret) != nil)
            #expect(secret.revealed.hasPrefix("whsec_"))
            #expect(secret.revealed.utf8.count == 6 + 44)
        }
    }

    @Test func secretComesFromTheGivenRandomSource() {
        var (one, two, three) = (SeededRandom(seed: 1), SeededRandom(seed: 1), SeededRandom(seed: 2))
        let secret = StandardWebhooks.makeSecret(using: &one)
        #expect(StandardWebhooks.makeSecret(using: &two) == secret)
        #expect(StandardWebhooks.makeSecret(using: &three) != secret)
    }

    @Test func secretPrintsAsDots() {
        let secret = Secret("whsec_" + Self.base64(32))
        #expect("\(secret)" == "•••")
        #expect(String(reflecting: secret) == "•••")
    }
}
