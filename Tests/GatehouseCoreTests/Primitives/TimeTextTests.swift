import GatehouseCore
import Testing

/// Times are read tolerantly, and written in one form that every strict reader accepts.
@Suite struct TimeTextTests {
    /// A caller's text, and the text that leaves.
    private static let spellings: [(told: String, written: String)] = [
        ("2026-03-11T08:15:30Z", "2026-03-11T08:15:30Z"), ("2026-03-11t08:15:30.250z", "2026-03-11T08:15:30.250Z"),
        ("2026-03-11 08:15:30+02:00", "2026-03-11T08:15:30+02:00"),
        ("2026-03-11 08:15:30 +0200", "2026-03-11T08:15:30+02:00"), ("2026-03-11T08:15Z", "2026-03-11T08:15:00Z"),
        ("2026-03-11T08:15:30+0000", "2026-03-11T08:15:30Z"), ("2026-03-11T08:15:30+00", "2026-03-11T08:15:30Z"),
        ("2026-03-11T08:15:30+00:00", "2026-03-11T08:15:30+00:00"),
        ("2026-03-11T08:15:30-00:00", "2026-03-11T08:15:30Z"), ("2026-03-11T08:15-03", "2026-03-11T08:15:00-03:00"),
        ("2026-03-11T08:15:30-0330", "2026-03-11T08:15:30-03:30"), ("2026-03-11T08:15:30", "2026-03-11T08:15:30Z"),
        ("2026-03-11", "2026-03-11T00:00:00Z"), ("2026-03-11T08:15:30,5Z", "2026-03-11T08:15:30.5Z"),
        ("2026-03-11T08:15:30.1234567891Z", "2026-03-11T08:15:30.123456789Z"),
        ("2026-03-11T08:15:30.123456789Z", "2026-03-11T08:15:30.123456789Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2017-01-01T05:29:60.75+05:30", "2017-01-01T05:29:59.999999+05:30"),
        ("2026-02-28T24:00:00Z", "2026-03-01T00:00:00Z"), ("2026-12-31T24:00+01", "2027-01-01T00:00:00+01:00"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1970-01-01T00:00:00+14:00", "1970-01-01T00:00:00+14:00"),
        ("1969-12-31T19:00:00-05:00", "1969-12-31T19:00:00-05:00"),
        ("9999-12-31T23:59:60Z", "9999-12-31T23:59:59.999999Z"),
    ]

    @Test(arguments: spellings)
    func everySpellingIsWrittenInOneForm(told: String, written: String) throws {
        let time = try #require(EventTime(told))
        #expect(time.text == written)
        #expect(Self.isStrict(time.text))
        #expect(EventTime(written) == time, "the written text reads back equal")
        #expect(EventTime(stored: told) == time)
    }

    @Test(
        arguments: [
            ("", .unreadable), ("tomorrow", .unreadable), ("YYYY-MM-DDThh:mm:ssZ", .unreadable),
            ("2026-03", .unreadable), ("2026-02-29T00:00:00Z", .unreadable), ("1900-02-29T00:00:00Z", .unreadable),
            ("2026-13-01", .unreadable), ("2026-03-11T", .unreadable), ("2026-03-11T08", .unreadable),
            ("2026-03-11T24:00:01Z", .unreadable), ("2026-03-11T25:00Z", .unreadable),
            ("2026-03-11T08:15:61Z", .unreadable), ("2026-03-11T08:15:30.Z", .unreadable),
            ("2026-03-11T08:15:30+25:00", .unreadable), ("2026-03-11T08:15:30+02:", .unreadable),
            ("2026-03-11T08:15:30 02:00", .unreadable), ("2026-03-11T08:15:30Zx", .unreadable),
            ("2026-03-11T08:15.5Z", .unreadable), ("2026-W11-3", .weekDate), ("2026-W11-3T08:15:30Z", .weekDate),
            ("2026W113", .weekDate), ("2026-070", .ordinalDate), ("2026-070T08:15:30Z", .ordinalDate),
            ("20260311T081530Z", .basicForm), ("20260311", .basicForm), ("20260311081530", .basicForm),
            ("0001-01-01T00:00:00Z", .outOfRange),
            ("1969-12-31T23:59:59Z", .outOfRange), ("1969-12-31T23:59:59+01:00", .outOfRange),
            ("9999-12-31T23:59:59-00:01", .outOfRange), ("9999-12-31T24:00Z", .outOfRange),
            ("+12026-03-11T08:15:30Z", .outOfRange), ("-0001-03-11T08:15:30Z", .outOfRange),
        ] as [(String, TimeText.ParseError)])
    func whatIsNotTakenIsRefusedByName(text: String, refusal: TimeText.ParseError) {
        #expect(throws: refusal) { try TimeText(text) }
        #expect(EventTime(text) == nil)
    }

    /// A number may be a date; if it is none, the message says which time it would be as Unix time.
    @Test(arguments: [
        ("1773216930", "in seconds", "2026-03-11T08:15:30Z"), ("100000000", "in seconds", "1973-03-03T09:46:40Z"),
        ("1773216930.25", "in seconds", "2026-03-11T08:15:30.250Z"),
        ("1773216930.1234567", "in seconds", "2026-03-11T08:15:30.123456Z"),
        ("1773216930000", "in milliseconds", "2026-03-11T08:15:30Z"),
        ("1773216930250", "in milliseconds", "2026-03-11T08:15:30.250Z"),
        ("1773216930250001", "in microseconds", "2026-03-11T08:15:30.250001Z"),
        ("1773216930250000000", "in nanoseconds", "2026-03-11T08:15:30.250Z"),
        ("5", "in seconds or milliseconds", "RFC 3339"), ("2026", "in seconds or milliseconds", "RFC 3339"),
        ("-1773216930", "in seconds or milliseconds", "RFC 3339"), ("0.5", "in seconds or milliseconds", "RFC 3339"),
        ("9999999999999999999", "in seconds or milliseconds", "RFC 3339"),
        ("+177321693000000000000000000", "in seconds or milliseconds", "RFC 3339"),
    ])
    func aNumberIsNamedUnixTime(text: String, unit: String, written: String) {
        let refusal = #expect(throws: TimeText.ParseError.self) { try TimeText(text) }
        let sentence = refusal?.sentence ?? ""
        #expect(sentence.contains("Unix time") && sentence.contains(unit) && sentence.contains(written), "\(sentence)")
    }

    @Test func aDateAloneHasAnEnd() throws {
        #expect(RFC3339.text(try TimeText("2030-12-31").end) == "2030-12-31T23:59:59.999999Z")
        #expect(RFC3339.text(try TimeText("9999-12-31").end) == "9999-12-31T23:59:59.999999Z")
        #expect(RFC3339.text(try TimeText("2030-12-31T10:00").end) == "2030-12-31T10:00:00.000Z")
        #expect(RFC3339.text(try TimeText("2030-12-31T10:00-02").end) == "2030-12-31T12:00:00.000Z")
    }

    /// Random spellings of random times.
    @Test(arguments: [UInt64](1...8))
    func acceptedURLIsWrittenForStrictReaders(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var taken = 0
        for _ in 0..<3_000 {
            let told = Self.spelling(using: &random)
            guard let time = EventTime(told) else { continue }
            taken += 1
            #expect(Self.isStrict(time.text), "\(told): \(time.text)")
            #expect(EventTime(time.text) == time, "\(told)")
            let local = RFC3339.localText(time.instant, offsetMinutes: Int.random(in: -840...840, using: &random))
            for text in [local, RFC3339.text(time.instant), RFC3339.secondsText(time.instant)] {
                #expect(Self.isStrict(text), "\(told): \(text)")
            }
        }
        #expect(taken > 1_500)
    }

    /// Times that older gateways stored are returned by the same rule.
    @Test(arguments: ["0000-01-01T00:00:00+05:00", "0001-01-01t00:00:00z", "9999-12-31T23:59:59-05:00"])
    func storedTimeOfAnyYearIsReturned(text: String) throws {
        let time = try #require(EventTime(stored: text))
        for text in [
            time.text, RFC3339.text(time.instant), RFC3339.localText(time.instant, offsetMinutes: 840),
            RFC3339.localText(time.instant, offsetMinutes: -840),
        ] { #expect(Self.isStrict(text), "\(text)") }
    }

    private static func spelling(using random: inout SeededRandom) -> String {
        func digits(_ range: ClosedRange<Int>, _ width: Int) -> String {
            let text = String(Int.random(in: range, using: &random))
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        func any(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
        let date = "\(digits(1970...9999, 4))-\(digits(1...12, 2))-\(digits(1...31, 2))"
        let minute = any(["T", "t", " "]) + "\(digits(0...24, 2)):\(digits(0...59, 2))"
        let fraction = any(["", ".", ","])
        let more =
            fraction.isEmpty
            ? "" : fraction + (1...Int.random(in: 1...12, using: &random)).map { _ in digits(0...9, 1) }.joined()
        let second = any(["", ":\(digits(0...60, 2))" + more])
        let hours = digits(0...23, 2)
        let zone = any(["", "Z", "z", "+\(hours)", "-\(hours)00", " +\(hours):\(digits(0...59, 2))", "-00:00"])
        return any([date, date + minute + second + zone, date + minute + second + zone])
    }

    /// RFC 3339 section 5.6, and what Go's and Python's readers accept of it: capitals, no leap second, nine digits.
    private static func isStrict(_ text: String) -> Bool {
        let date = #/[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/#
        let clock = #/([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])/#
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].wholeMatch(of: date) != nil else { return false }
        return parts[1].wholeMatch(of: clock) != nil && EventTime(stored: text) != nil
    }
}
