internal import GatehouseCore

/// What reads the body of every request: it counts bytes, decodes, parses, and logs the bounds that callers meet.
struct RequestBodies: Sendable {
    /// The bodies in flight now.
    let inFlight = BodiesInFlight()
    /// The queues for heavy work.
    let heavy: HeavyLines
    /// Logs the bounds that callers met.
    let boundLines: BoundLines
    /// The clock.
    let clock: any WallClock
}
