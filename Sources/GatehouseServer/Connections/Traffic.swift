/// What is under way at the server now, and how much of it there may be.
struct Traffic: Sendable {
    /// The connections that are open.
    let connections = ConnectionPlaces()
    /// The requests that are not answered yet.
    let requests = RequestCount()
    /// Who waits for events.
    let waits = WaitLimiter()
}
