import GatehouseCore
import Testing

/// Which texts are credentials of the gateway's own making, and which were chosen by a person.
@Suite struct CredentialTests {
    private static let name = "0123456789abcdef"
    private static let secret = String(repeating: "0123456789abcdef", count: 4)
    private static let whole = "gk_" + name + "_" + secret

    @Test func createdValueIsReadBack() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<20 {
            let made = Credential(using: &random)
            let read = try #require(Credential(spelled: made.text))
            #expect(read.id == made.id && read.text == made.text && read.secret.count == 64)
            #expect(made.text.hasSuffix("_" + made.secret))
            #expect(Credential.text(of: made.id, secret: made.secret) == made.text)
        }
    }

    private static let others = [
        "", "gk", "gk_", "gk__", "gk_\(name)", "gk_\(name)_", "gk__\(secret)", "gk_\(name)_\(secret)_",
        "gk_\(name)_\(secret.dropLast())", "gk_\(name)_\(secret)0", "gk_\(name.dropLast())_\(secret)",
        "gk_\(name)0_\(secret)", whole.uppercased(), "GK_\(name)_\(secret)", " \(whole)", "\(whole) ", "\(whole)\n",
        "gk_\(name)_x7", "prod_gatehouse_admin_key_2026_x7", "gk_configuration_x7", "gk_configuration_\(secret)",
        "gk_\(name.dropLast())g_\(secret)", "gk_\(name)_\(secret.dropLast())g", "gk-\(name)-\(secret)",
        "gk_\(name.dropLast())é_\(secret)", "gk_\(name)_\(secret.dropLast())０", "\u{FEFF}\(whole)", "\(whole)\u{301}",
    ]

    @Test(arguments: others)
    func otherSpellingIsNoCredential(_ text: String) {
        #expect(Credential(spelled: text) == nil && Credential.keyID(in: text) == nil)
    }

    @Test func onlyGeneratedKeyHasASecretPart() {
        let id = KeyID("key_" + Self.name)
        #expect(Credential.text(of: id, secret: Self.secret) == Self.whole)
        for (id, secret) in [
            ("key_configuration", Self.secret), ("key_configuration", "x7"), (Self.name, Self.secret),
            (id.text, "x7"), (id.text, ""), (id.text, Self.whole), ("key_", Self.secret), ("", Self.secret),
            ("KEY_" + Self.name, Self.secret),
        ] {
            #expect(Credential.text(of: KeyID(id), secret: secret) == nil, "\(id) \(secret)")
        }
    }

    @Test func aLoginNameIsPlainAndNoKeysID() {
        for name in [
            "admin", "a", "Ana.Reis@example.com", "panel-7", "gk_x", "keys", String(repeating: "a", count: 64),
        ] {
            #expect(LoginRule.allows(name), "\(name)")
        }
        for name in [
            "", "key_", "key_0123456789abcdef", "key_configuration", "a b", "a:b", "a/b", "é", "\u{212A}", "a\u{301}",
            "a\n", "a\u{0}", "%41", String(repeating: "a", count: 65),
        ] {
            #expect(!LoginRule.allows(name), "\(name)")
        }
    }
}
