package import GatehouseCore

extension EventID {
    /// The same id for the same arguments, as an event that was accepted at that instant may have it.
    package static func fixed(at instant: Instant, _ number: UInt64) -> EventID {
        EventID(
            high: UInt64(max(0, instant.microseconds / 1000)) << 16 | 0x7000, low: 0x8000_0000_0000_0000 | number)
    }
}
