import GatehouseCore
import Testing

@testable import GatehouseServer

/// The offsets of places, across changes of their clocks.
@Suite struct TimeZoneTests {
    @Test(
        arguments: [
            ("America/Sao_Paulo", "2019-02-15T19:21:48Z", -120), ("America/Sao_Paulo", "2019-02-17T19:21:48Z", -180),
            ("America/New_York", "2026-03-08T06:59:59Z", -300), ("America/New_York", "2026-03-08T07:00:00Z", -240),
            ("Asia/Kathmandu", "2026-03-08T07:00:00Z", 345), ("UTC", "2026-03-08T07:00:00Z", 0),
            ("GMT", "2026-07-08T07:00:00Z", 0), ("Nowhere/Land", "2026-03-08T07:00:00Z", nil),
        ] as [(String, String, Int?)])
    func anOffsetIsThatOfTheInstant(zone: String, time: String, minutes: Int?) throws {
        let instant = try #require(EventTime(time)).instant
        #expect(SystemTimeZones().offsetMinutes(of: zone, at: instant) == minutes)
    }
}
