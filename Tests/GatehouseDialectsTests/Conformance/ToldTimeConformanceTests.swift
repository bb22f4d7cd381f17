internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// In every spelling of a time, every contract's receivers read the same time.
@Suite struct ToldTimeConformanceTests {
    private static let utc = [
        "2026-03-11T08:15:30Z", "2026-03-11t08:15:30z", "2026-03-11 08:15:30+00:00", "2026-03-11T08:15:30-00:00",
        "2026-03-11T08:15:30+0000", "2026-03-11 08:15:30 +00", "2026-03-11T08:15:30",
    ]

    private static let others = [
        "2026-03-11T05:15:30-0300", "2026-03-11 05:15-03", "2016-12-31T23:59:60Z", "2026-03-11t05:15:30,5z",
        "2026-03-11T05:15:30.1234567891-03:00", "2026-03-10T24:00Z", "9999-12-31T23:59:59Z",
    ]

    /// An event of a kind with everything that its bodies may require.
    private static func event(_ kind: Kind, at told: String) throws -> Event {
        let named: JSON = ["id": "31"]
        let all: JSONObject = [
            "panel": "1070000", "door": "lobby", "zone": named, "person": named, "visitor": named, "vehicle": named,
            "unit": named, "credential": named, "visit": named, "punch": ["punch_type": "IN"], "attendance": named,
            "occurrence": named, "access": ["direction": "entry"], "details": ["panelId": "1070000"],
        ]
        let blocks = Catalogue.row(of: kind).blocks
        let data = JSONObject(all.members.filter { Block(rawValue: $0.key).map(blocks.contains) ?? false })
        var parts = Building.event(kind, data).parts
        parts.time = try #require(EventTime(told))
        parts.labels.timeZone = "America/Sao_Paulo"
        parts.labels.offsetMinutes = parts.time.isInUTC ? -180 : nil
        return GivenNumbers().number(Event(parts))
    }

    /// Every spelling of UTC means UTC, even if the place has another zone.
    @Test(arguments: Spoken.all)
    func spellingOfUTCNeverChangesABody(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        for kind in spoken.dialect.vocabulary.sayable.kinds {
            let bodies = try Self.utc.map { told in
                let body = try spoken.prepare(Self.event(kind, at: told), for: subscription).body
                // A dialect that keeps the spelling may keep the offset.
                return String(decoding: body, as: UTF8.self).replacing("30+00:00\"", with: "30Z\"")
            }
            #expect(Set(bodies).count == 1, "\(kind.name)")
        }
    }

    @Test(arguments: Spoken.all)
    func everyTimeInABodyIsStrict(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        for kind in spoken.dialect.vocabulary.sayable.kinds {
            for told in Self.utc + Self.others {
                let body = try JSONParser.parse(
                    spoken.prepare(Self.event(kind, at: told), for: subscription).body)
                for text in Self.times(in: body) {
                    #expect(EventTime(stored: text)?.text == text, "\(kind.name), \(told): \(text)")
                }
            }
        }
    }

    /// The dialects whose bodies spell the time; the others count it from 1970.
    private static let spelling = ["oneupvision", "placeos", "prodatakey", "situator", "standard"]

    /// A payload without a zone means a clock that its reader does not know: it must not become UTC silently.
    @Test(arguments: Spoken.all)
    func parserReportsWhetherAZoneWasGiven(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        var tried = 0
        for kind in spoken.dialect.vocabulary.sayable.kinds {
            let request = try spoken.prepare(Self.event(kind, at: "2026-03-11T08:15:30Z"), for: subscription)
            let body = String(decoding: request.body, as: UTF8.self)
            // A value that the contract cannot be read without may be missing here.
            guard let written = (try? spoken.dialect.parse(request.body, with: request.headers))?.time else { continue }
            #expect(written.offsetMinutes != nil, "\(kind)")
            guard body.contains("\"\(written.text)\"") else { continue }
            for (zone, offset) in [("", nil), ("Z", 0), ("+0000", 0), ("+01:00", 60), ("-0330", -210)] as [(_, Int?)] {
                let told = "2026-03-11T08:15:30" + zone
                let bytes = Array(body.replacing("\"\(written.text)\"", with: "\"\(told)\"").utf8)
                let time = try #require(try spoken.dialect.parse(bytes, with: request.headers).time)
                #expect(time.offsetMinutes == offset && time.text == told, "\(kind)")
                let instant = try #require(EventTime("2026-03-11T08:15:30Z")).instant - .seconds(60 * (offset ?? 120))
                #expect(time.time(otherwise: 120).instant == instant, "\(kind)")
            }
            tried += 1
        }
        #expect((tried > 0) == Self.spelling.contains(spoken.dialect.name.text))
    }

    /// The texts that begin with a date and a time of day.
    private static func times(in value: JSON) -> [String] {
        switch value {
        case .string(let text): text.prefixMatch(of: #/[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]/#) == nil ? [] : [text]
        case .array(let items): items.flatMap(times)
        case .object(let object): object.members.flatMap { times(in: $0.value) }
        case .null, .bool, .number: []
        }
    }
}
