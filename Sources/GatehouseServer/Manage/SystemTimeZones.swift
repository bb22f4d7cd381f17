// The Foundation alone carries the database of time zones with it; the system's need not be installed.
internal import Foundation
public import GatehouseCore

/// The offsets of the IANA time zone database, links such as `US/Pacific` included.
public struct SystemTimeZones: TimeZones {
    /// There is one database, so there is nothing to say.
    public init() {}

    /// Minutes east of Greenwich at that instant; nil where there is no zone of that name.
    public func offsetMinutes(of zone: String, at instant: Instant) -> Int? {
        if zone == "UTC" || zone == "GMT" { return 0 }
        let date = Date(timeIntervalSince1970: TimeInterval(instant.seconds))
        return TimeZone(identifier: zone).map { $0.secondsFromGMT(for: date) / 60 }
    }
}
