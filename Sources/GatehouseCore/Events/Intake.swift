/// An event that passed the admission, with what tells a repetition from a conflict.
public struct AdmittedEvent: Sendable {
    /// The event, ready to be matched.
    public let event: Event
    /// SHA-256 over what the caller sent, independent of the order of keys: the same id with another digest is a
    /// conflict, with the same digest a repetition.
    public let digest: [UInt8]

    /// Joins the two.
    public init(event: Event, digest: [UInt8]) {
        self.event = event
        self.digest = digest
    }
}

/// What became of one event that was handed in.
public struct Receipt: Hashable, Sendable {
    /// Our id of the event; on a repetition that of the event as first taken.
    public let event: EventID
    /// The caller's id.
    public let sourceID: String
    /// The caller's source.
    public let source: String
    /// How many deliveries it owes, or owed when it was first taken.
    public let deliveries: Int
    /// Whether the event had been taken before.
    public let isDuplicate: Bool
    /// What is wrong with it, where it was taken all the same; nil for nothing.
    public var flag: Event.Flag?

    /// Describes what became of one event.
    public init(event: EventID, sourceID: String, source: String, deliveries: Int, isDuplicate: Bool) {
        self.event = event
        self.sourceID = sourceID
        self.source = source
        self.deliveries = deliveries
        self.isDuplicate = isDuplicate
    }
}

/// Takes events for good: matched with the subscriptions and durable before it returns.
public protocol Intake: Sendable {
    /// Commits the events with every delivery that they owe, all or none, and only then returns.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id of a normal event was used before with another content,
    ///   ``StoreError/overloaded`` and ``StoreError/unavailable(_:)`` where the caller should come again.
    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt]

    /// Makes a change durable with its line of the audit and the events that tell of it, and every delivery that these
    /// owe: all of it or nothing.
    ///
    /// - Throws: what ``DirectoryStore/apply(_:telling:)`` throws.
    func commit(_ change: Change) async throws(StoreError)
}
