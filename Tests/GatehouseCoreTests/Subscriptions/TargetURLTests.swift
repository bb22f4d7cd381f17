import GatehouseCore
import Testing

/// Every wrong way to write a URL, each with its own sentence that says what to do.
@Suite struct TargetURLTests {
    /// Every flaw with texts that have it.
    static let wrong: [(flaw: TargetURL.Flaw, texts: [String])] = [
        (.empty, [""]), (.tooLong, ["https://a.example/" + String(repeating: "a", count: 2000)]),
        (
            .blank,
            [" https://a.example", "https://a.example ", "https://a b.example", "https://a.example/a\u{A0}b", "\t"]
        ),
        (.control, ["https://a.example/\u{0}", "https://a.example/\u{7F}"]),
        (.backslash, ["https:\\\\a.example", "https://a.example\\@evil.example"]),
        (.noScheme, ["a.example", "localhost:8080", "//a.example/x", "https:/a.example", "mailto:a@b.example"]),
        (.unknownScheme(meant: "https"), ["htps://a.example", "httpss://a.example"]),
        (.unknownScheme(meant: nil), ["ftp://a.example", "javascript://x", "://a.example"]),
        (.user, ["https://user@a.example", "https://user:pass@a.example/x", "https://@a.example"]),
        (.fragment, ["https://a.example#x", "https://a.example/x#", "https://a.example?q#x"]),
        (.foreignPath, ["https://a.example/\u{FC}", "https://a.example/?q=\u{FC}"]),
        (.noHost, ["https://", "https:///x", "https://:443/", "https://?q"]),
        (.hostCharacter, ["https://ex%61mple.com", "https://a!b.example", "https://a,b.example"]),
        (.longHost, ["https://" + String(repeating: "abcdefgh.", count: 29) + "example"]),
        (
            .internationalName,
            [
                "https://\u{202E}abc.example", "https://xn--\u{FC}.example", "https://a\u{FF0F}b.example",
                "https://-\u{FC}-.example",
            ]
        ),
        (.trailingDot, ["https://a.example./", "https://a.example.", "https://a.example.:8443/x"]),
        (.bareAddress, ["https://2001:db8::1/", "https://::1"]),
        (.brackets, ["https://[::1", "https://[]/", "https://[a.example]/", "https://[zz::1]/"]),
        (.zone, ["https://[fe80::1%eth0]/", "https://[fe80::1%25eth0]:8443/"]),
        (.portZero, ["https://a.example:0", "https://a.example:000/", "https://[::1]:0/"]),
        (
            .portBeyondRange,
            ["https://a.example:65536", "https://a.example:99999999999999999999/", "https://[::1]:70000/"]
        ),
        (
            .portIsNoNumber,
            [
                "https://a.example:", "https://a.example:http", "https://a.example:80:80/", "https://a.example:-1",
                "https://127.0.0.1:80:80",
            ]
        ),
    ]

    @Test func flawIsFoundInEveryPlace() {
        for (flaw, texts) in Self.wrong {
            for text in texts { #expect(throws: flaw, "\(text)") { try TargetURL(reading: text) } }
        }
    }

    @Test func flawHasItsOwnSentenceWithoutTheURL() {
        let sentences = Self.wrong.map(\.flaw.sentence)
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences {
            #expect(sentence.contains(":"), "it says what to do: \(sentence)")
        }
    }

    @Test(arguments: [
        ("https://b\u{FC}cher.example/x", "xn--bcher-kva.example", "https://xn--bcher-kva.example/x"),
        ("https://B\u{DC}CHER.example:8443/a?q", "xn--bcher-kva.example", "https://xn--bcher-kva.example:8443/a?q"),
        ("https://bu\u{308}cher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        (
            "http://\u{4F8B}\u{3048}.\u{30C6}\u{30B9}\u{30C8}/", "xn--r8jz45g.xn--zckzah",
            "http://xn--r8jz45g.xn--zckzah/"
        ),
        ("https://fa\u{DF}.de/", "xn--fa-hia.de", "https://xn--fa-hia.de/"),
        ("https://a\u{3002}example/", "a.example", "https://a.example/"),
        ("https://\u{FF11}27.0.0.1/", "127.0.0.1", "https://127.0.0.1/"),
        ("https://\u{24DB}ocalhost/", "localhost", "https://localhost/"),
    ])
    func anInternationalizedHostIsKeptInItsASCIIForm(written: String, host: String, text: String) throws {
        let url = try TargetURL(reading: written)
        #expect(url.host == host && url.text == text)
        #expect(try TargetURL(reading: url.text) == url, "the stored text reads back equal")
    }

    @Test func hostStoredWithATrailingDotIsStillRead() {
        #expect(TargetURL("https://a.example./x")?.host == "a.example.")
    }
}
