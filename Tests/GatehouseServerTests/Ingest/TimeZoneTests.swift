import GatehouseCore
import Testing

@testable import GatehouseServer

/// The offsets of time zones, across changes of their clocks.
@Suite struct TimeZoneTests {
    @Test(
        arguments: [
            ("America/Sao_Paulo", "2019-02-15T19:21:48Z", -120), ("America/Sao_Paulo", "2019-02-17T19:21:48Z", -180),
            ("America/New_York", "2026-03-08T06:59:59Z", -300), ("America/New_York", "2026-03-08T07:00:00Z", -240),
            ("Asia/Kathmandu", "2026-03-08T07:00:00Z", 345), ("UTC", "2026-03-08T07:00:00Z", 0),
            ("GMT", "2026-07-08T07:00:00Z", 0), ("Nowhere/Land", "2026-03-08T07:00:00Z", nil),
        ] as [(String, String, Int?)])
    func offsetIsThatOfTheInstant(zone: String, time: String, minutes: Int?) throws {
        let instant = try #require(EventTime(time)).instant
        #expect(SystemTimeZones().offsetMinutes(of: zone, at: instant) == minutes)
    }

    /// A local time that does not exist, and one that occurs twice, when clocks change.
    @Test(
        arguments: [
            ("America/New_York", "2026-03-08T01:59:59", "2026-03-08T01:59:59-05:00"),
            ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T02:30:00-05:00"),
            ("America/New_York", "2026-03-08T03:00:00", "2026-03-08T03:00:00-04:00"),
            ("America/New_York", "2026-11-01T00:59:59", "2026-11-01T00:59:59-04:00"),
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T01:30:00-04:00"),
            ("America/New_York", "2026-11-01T02:00:00", "2026-11-01T02:00:00-05:00"),
            ("Asia/Kathmandu", "2026-03-08", "2026-03-08T00:00:00+05:45"),
            ("Pacific/Kiritimati", "2026-03-08 01:00", "2026-03-08T01:00:00+14:00"),
            ("UTC", "2026-03-08T07:00:00", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-03-08T07:00:00+0000", "2026-03-08T07:00:00Z"),
        ])
    func timeWithoutAZoneIsLocalTime(zone: String, told: String, expected: String) async throws {
        let server = try await TestServer()
        let organization: JSON = ["id": "zoned", "name": "Zoned", "timeZone": .string(zone)]
        #expect(try await server.post("/v1/organizations", organization).status == 201)
        let event: JSON = [
            "specversion": "1.0", "id": "e1", "source": "/panels/1", "type": "door.forced", "organization": "zoned",
            "time": .string(told), "data": [:],
        ]
        let answer = try await server.post("/v1/events", event)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(try await server.taken().last?.time.text == expected)
    }
}
