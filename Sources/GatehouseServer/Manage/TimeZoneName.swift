// The Foundation alone carries the database of time zones with it; the system's need not be installed.
internal import Foundation
public import GatehouseCore

/// The names of the IANA time zone database, links such as `US/Pacific` included.
enum TimeZoneName {
    /// Says whether a name is one. Abbreviations and offsets (`EST`, `GMT+3`) mean different things to different
    /// readers, so of the names without a slash only `UTC` and `GMT` are taken.
    static func isKnown(_ name: String) -> Bool {
        if name == "UTC" || name == "GMT" { return true }
        guard name.utf8.count <= 64, name.contains("/"), !name.contains("..") else { return false }
        return TimeZone(identifier: name) != nil
    }
}

/// The offsets of the same database.
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
