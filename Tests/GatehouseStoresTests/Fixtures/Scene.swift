import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Synchronization
import Testing

/// A store with two subscriptions and one living incarnation, and short calls for tests.
struct Scene: Sendable {
    let store: any Store
    let me: Incarnation
    /// Every operation of the store passes it.
    let gate: FaultGate

    static let start = Instant(seconds: 1_700_000_000)
    static let s1 = SubscriptionID("s1")
    static let s2 = SubscriptionID("s2")

    init(setUpIn store: any Store, gate: FaultGate = FaultGate()) async throws {
        self.store = store
        self.gate = gate
        me = try await store.begin(at: Self.start)
        try await store.add(Self.subscription(Self.s1, "acme"))
        try await store.add(Self.subscription(Self.s2, "globex"))
    }

    init(store: any Store, me: Incarnation) {
        self.store = store
        gate = FaultGate()
        self.me = me
    }

    static func subscription(
        _ id: SubscriptionID, _ organization: String, revision: Int64 = 1, terms: String = "{}", number: Int64 = 0,
        maker: String? = "u1", integration: String? = nil, hold: Subscription.Hold = .none
    ) -> StoredSubscription {
        StoredSubscription(
            identity: .init(
                id: id, organization: OrganizationID(organization), created: start, maker: maker, number: number,
                integration: integration),
            terms: Array(terms.utf8), hold: hold, revision: revision)
    }

    /// Appends one event that is owed to `s1` and returns its delivery.
    func deliver(
        _ id: String, kind: Kind = .doorOpened, received: Instant = start, to subscription: SubscriptionID = s1,
        leased: Bool = false
    ) async throws -> DeliveryID {
        let event = Sample.event(id, kind: kind, received: received)
        let entry = Sample.entry(event, owed: [.init(subscription, isBornLeased: leased)])
        let appended = try await store.append([entry], by: me)
        return try #require(appended.first?.deliveries.first)
    }

    func state(_ id: DeliveryID) async throws -> DeliveryState? { try await store.delivery(id)?.delivery.state }

    func all(_ change: (inout DeliveryFilter) -> Void = { _ in }) async throws -> [Delivery] {
        var filter = DeliveryFilter(limit: 1000)
        change(&filter)
        return try await store.deliveries(filter).deliveries
    }

    func claim(
        _ subscription: SubscriptionID = s1, limit: Int = 100, now: Instant = start, by incarnation: Incarnation? = nil
    ) async throws -> Claim {
        try await store.claimDue(subscription, limit: limit, now: now, by: incarnation ?? me)
    }

    func record(
        _ delivery: DeliveryID, _ next: Settlement.Next, attempt: Attempt? = nil, by incarnation: Incarnation? = nil
    ) async throws {
        try await store.record(
            [Settlement(delivery: delivery, next: next, attempt: attempt)], by: incarnation ?? me)
    }
}

/// Makes the values that the tests store.
enum Sample {
    private static let made = Atomic<UInt64>(1)

    static func event(
        _ id: String, kind: Kind = .doorOpened, organization: String = "acme", received: Instant = Scene.start,
        person: String? = nil
    ) -> Event {
        let number = made.add(1, ordering: .relaxed).newValue
        let name = EventID.fixed(at: received, number)
        var parts = Event.Parts(
            id: name, kind: kind, organization: OrganizationID(organization), received: received)
        parts.source = "/panels/1"
        parts.sourceID = id
        parts.data = JSONObject([.init("door", .string("d1")), .init("note", .string("ação “\(id)” \u{1F6AA}"))])
        if let person { parts.data["person"] = .object(JSONObject([.init("id", .string(person))])) }
        parts.labels.doorName = "Main entrance"
        parts.labels.doorNumber = 7
        return Event(parts)
    }

    /// The digest is that of the content: events with the same id and different contents have different digests.
    static func entry(_ event: Event, content: String = "", owed: [Entry.Owed] = []) -> Entry {
        var digest = [UInt8](repeating: 7, count: 32)
        for (place, byte) in content.utf8.enumerated() { digest[place % 32] ^= byte }
        return Entry(AdmittedEvent(event: event, digest: digest), owed: owed)
    }

    static func attempt(
        _ number: Int, _ outcome: Outcome = .answered(.init(status: 200)), started: Instant = Scene.start
    ) -> Attempt {
        var headers = HTTPFields()
        headers[.contentType] = "application/cloudevents+json"
        headers[.userAgent] = "gatehouse"
        var attempt = Attempt(
            number: number, started: started, duration: .milliseconds(12), outcome: outcome, headers: headers)
        attempt.privacyLevel = number.isMultiple(of: 2) ? nil : .noPersons
        return attempt
    }
}
