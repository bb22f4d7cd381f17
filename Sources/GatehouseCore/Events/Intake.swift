/// An admitted event, with a digest that distinguishes a repetition from a conflict.
public struct AdmittedEvent: Sendable {
    /// The event, ready to be matched.
    public let event: Event
    /// SHA-256 over what the caller sent, independent of the order of keys. The same id with another digest is a
    /// conflict, with the same digest a repetition.
    public let digest: [UInt8]

    /// Joins the two.
    public init(event: Event, digest: [UInt8]) {
        self.event = event
        self.digest = digest
    }
}

/// The result for one posted event.
public struct Receipt: Hashable, Sendable {
    /// Our id of the event; for a repetition, the id of the original event.
    public let event: EventID
    /// The caller's id.
    public let sourceID: String
    /// The caller's source.
    public let source: String
    /// How many deliveries it owes, or owed when it was first accepted.
    public let deliveries: Int
    /// Whether the event is a repetition.
    public let isDuplicate: Bool
    /// What is wrong with it, although it was accepted; nil for nothing.
    public var flag: Event.Flag?

    /// Describes the result for one event.
    public init(event: EventID, sourceID: String, source: String, deliveries: Int, isDuplicate: Bool) {
        self.event = event
        self.sourceID = sourceID
        self.source = source
        self.deliveries = deliveries
        self.isDuplicate = isDuplicate
    }
}

/// Accepts events and changes: matches the events with the subscriptions, and returns when all is durable.
public protocol Intake: ChangeIntake {
    /// Commits the events with every delivery that they owe, all or none, and then returns.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` if the id of a normal event was used before with another content,
    ///   ``StoreError/overloaded`` and ``StoreError/unavailable(_:)`` if the caller should try again later.
    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt]
}
