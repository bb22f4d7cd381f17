/// The open connections, requests and waiting callers of the server, with their bounds.
struct Traffic: Sendable {
    /// The open connections.
    let connections = ConnectionPlaces()
    /// The requests without an answer.
    let requests = RequestCount()
    /// The callers that wait for events.
    let waits = WaitLimiter()
}
