// Only the full Foundation contains the time zone database; the system's own may not be installed.
internal import Foundation
package import GatehouseCore

/// The offsets of the IANA time zone database, links such as `US/Pacific` included.
package struct SystemTimeZones: TimeZones {
    /// There is one database, so there are no parameters.
    package init() {}

    /// Minutes east of Greenwich at that instant; nil if there is no zone with that name.
    package func offsetMinutes(of zone: String, at instant: Instant) -> Int? {
        if zone == "UTC" || zone == "GMT" { return 0 }
        let date = Date(timeIntervalSince1970: TimeInterval(instant.seconds))
        return TimeZone(identifier: zone).map { $0.secondsFromGMT(for: date) / 60 }
    }
}
