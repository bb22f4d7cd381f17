internal import GatehouseCore

/// What every request's body is read with: where its bytes are counted, where it is decoded and parsed, and where the
/// log is told of bounds that are met.
struct RequestBodies: Sendable {
    /// The bodies that are under way now.
    let inFlight = BodiesInFlight()
    /// Where what takes long is done.
    let heavy: HeavyLines
    /// The lines of the log about bounds that callers met.
    let boundLines: BoundLines
    /// What time it is.
    let clock: any WallClock
}
