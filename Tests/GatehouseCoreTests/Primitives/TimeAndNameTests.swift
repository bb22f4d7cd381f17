import GatehouseCore
import Testing

@Suite struct TimeAndNameTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600), ("1969-12-31T23:59:59Z", -1),
        ("2019-02-15T17:21:48.1201-02:00", 1_550_258_508),
    ])
    func timesAreRead(text: String, seconds: Int64) throws {
        let time = try #require(EventTime(stored: text))
        #expect(time.instant.seconds == seconds)
        #expect(time.text == text)
    }

    @Test func millisecondsBefore1970AreZero() {
        #expect(Instant(microseconds: -3_600_000_000).milliseconds == 0)
        #expect(Instant(microseconds: 1_500_999).milliseconds == 1_500)
    }

    @Test(arguments: [UInt64](1...5))
    func instantsAreWrittenAndReadBack(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let instant = Instant(
                microseconds: Int64.random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &random))
            #expect(EventTime(stored: RFC3339.text(instant))?.instant == instant)
        }
    }

    @Test(arguments: [
        ("2019-02-15T19:21:48.1201Z", -120, "2019-02-15T17:21:48.1201-02:00"),
        ("2026-12-31T23:59:59.99999Z", 345, "2027-01-01T05:44:59.9999+05:45"),
        ("1969-12-31T23:59:59.9Z", 0, "1969-12-31T23:59:59.9000+00:00"),
        ("2026-03-11T00:00:00Z", -30, "2026-03-10T23:30:00.0000-00:30"),
    ])
    func localTimesAreWrittenWithFourDigits(text: String, offset: Int, local: String) throws {
        let instant = try #require(EventTime(stored: text)).instant
        #expect(RFC3339.localText(instant, offsetMinutes: offset) == local)
        #expect(EventTime(stored: local)?.offsetMinutes == offset)
    }

    @Test func eventIDsAreSpelledAndSorted() {
        var random = SeededRandom(seed: 9)
        var last = EventID(at: Instant(seconds: 0), using: &random)
        for second in 1..<500 {
            let id = EventID(at: Instant(seconds: Int64(second)), using: &random)
            #expect(EventID(id.description) == id)
            #expect(id.description > last.description)
            #expect(Array(id.description)[14] == "7")
            last = id
        }
        #expect(EventID("not-an-id") == nil)
    }

    @Test(arguments: [
        ("https://example.com", "example.com", 443, "/"), ("http://127.0.0.1:8080/x?y=1", "127.0.0.1", 8080, "/x?y=1"),
        ("HTTPS://Example.COM:443/A", "example.com", 443, "/A"), ("https://[::1]:9/", "::1", 9, "/"),
        ("https://example.com?q", "example.com", 443, "/?q"),
    ])
    func targetsAreTakenApart(text: String, host: String, port: Int, target: String) throws {
        let url = try #require(TargetURL(text))
        #expect(url.host == host && url.port == port && url.requestTarget == target)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "https://", "https://user@example.com", "https://example.com#x",
        "https://exa mple.com", "https://example.com:0", "https://example.com:65536", "https://example.com:",
        "https://[::1",
        "https://example.com\\@evil", "https://[::1%25lo]/", "https://ex%61mple.com", "https://example.com:80:80/",
        "javascript://x",
    ])
    func ambiguousURLIsNoTarget(text: String) {
        #expect(TargetURL(text) == nil)
    }

    @Test func aTargetIsPrintedWithoutItsQuery() throws {
        #expect(try #require(TargetURL("https://a.example/h?token=secret")).description == "https://a.example")
    }

    @Test func secretsPrintAsDots() {
        #expect("\(Secret("whsec_x"))" == "•••")
        #expect(String(reflecting: Secret("whsec_x")) == "•••")
    }

    @Test func credentialIsFoundByItsPublicPart() {
        var random = SeededRandom(seed: 5)
        let credential = Credential(using: &random)
        #expect(Credential.keyID(in: credential.text) == credential.id)
        #expect(Credential.keyID(in: "gk__x") == nil)
        #expect(Credential.hash(credential.text) != Credential.hash(credential.text + "x"))
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
    }

    /// Byte for byte: two spellings of one letter are two secrets, though they are one text.
    @Test func secretsAreEqualByTheirBytes() {
        #expect(Secret("abc") == Secret("abc") && Secret("abc") != Secret("abd") && Secret("abc") != Secret("abcd"))
        #expect("\u{E9}" == "e\u{301}" && Secret("\u{E9}") != Secret("e\u{301}"))
        #expect(Set([Secret("a"), Secret("a"), Secret("b")]).count == 2)
    }

    @Test func theNearestWordIsFound() {
        #expect(Nearest.word(to: "door.forcd", among: ["door.forced", "door.opened"]) == "door.forced")
        #expect(Nearest.word(to: "zzzzzz", among: ["door.forced"]) == nil)
    }
}
