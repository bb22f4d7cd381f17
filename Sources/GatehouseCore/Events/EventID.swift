/// The gateway's own id of an event, unique in the store: a UUID of version 7 (RFC 9562 section 5.7), so that ids made
/// later sort later. It is `gatehouseid` in the event and `webhook-id` on every delivery of it.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes: 48 bits of Unix milliseconds, the version, 12 random bits.
    public let high: UInt64
    /// The last eight bytes: the variant and 62 random bits.
    public let low: UInt64

    /// Joins the two halves of the stored form.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an id for an event received at `instant`.
    public init(at instant: Instant, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, instant.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
        self.high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        self.low = 0x8000_0000_0000_0000 | random.next() & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// Reads the 36 characters of RFC 9562 section 4, in either case.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], let bytes = Hex.bytes(parts.joined()) else { return nil }
        self.high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    }

    /// The canonical spelling, lower case: `019248f0-1c2d-7abc-8def-0123456789ab`.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for shift in stride(from: 60, through: 0, by: -4) {
            if shift == 28 || shift == 12 { text.append(UInt8(ascii: "-")) }
            text.append(Hex.digit(UInt8(high >> UInt64(shift) & 0xF)))
        }
        text.append(UInt8(ascii: "-"))
        for shift in stride(from: 60, through: 0, by: -4) {
            if shift == 44 { text.append(UInt8(ascii: "-")) }
            text.append(Hex.digit(UInt8(low >> UInt64(shift) & 0xF)))
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The place of an event in the order of commits; the first is 1. Some dialects use it as the event's number.
public struct EventPosition: Hashable, Comparable, Sendable {
    /// The number, growing with every event of the store.
    public let number: Int64

    /// Wraps the store's number.
    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: EventPosition, right: EventPosition) -> Bool { left.number < right.number }
}
