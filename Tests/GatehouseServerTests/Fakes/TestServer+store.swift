import GatehouseControl
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Closes a store when its last user is gone: parts of a server hold each other, and the thread of an open store stays
/// for as long as the tests run.
final class StoreClosing: Sendable {
    private let store: any Store

    init(_ store: any Store) {
        self.store = store
    }

    deinit { Task { [store] in await store.close() } }
}

// Data that tests write into a server's store directly, and data that they read there.
extension TestServer {
    /// A fresh store in memory behind a gate, for tests that need no server.
    static func openStore() async throws -> (store: any Store, gate: FaultGate) {
        let gate = FaultGate()
        return (try await Stores.open("sqlite::memory:", gate: gate), gate)
    }

    /// Puts the two trees into a store.
    static func setUp(_ store: any Store) async throws {
        for (id, parent) in [("acme", nil), ("acme-north", "acme"), ("other", nil)] as [(String, String?)] {
            let organization = Organization(id: OrganizationID(id), name: id, parent: parent.map { OrganizationID($0) })
            let panel = Panel(id: PanelID("p-\(id)"), organization: organization.id, name: "Panel", number: 7)
            let door = Door(id: DoorID("d-\(id)"), panel: panel, number: 1, name: "Door")
            for subject in [.organization(organization), .panel(panel), .door(door)] as [Change.Subject] {
                _ = try await store.apply(Change(.add, subject), events: nil)
            }
        }
    }

    /// Changes a subscription past the API.
    func change(
        _ present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil
    ) async throws(StoreError) -> Subscription {
        try await parts.subscriptions.change(present, terms: terms, hold: hold, through: intake)
    }

    /// Creates a subscription to everything.
    func subscribe(_ id: String, of organization: String = "acme") async throws {
        let made = try await post(
            "/v1/subscriptions",
            [
                "id": .string(id), "name": .string("the \(id)"), "organization": .string(organization),
                "dialect": "plain", "url": .string("https://\(id).example/in"),
            ])
        try #require(made.status == 201, "\(made.text)")
    }

    /// An event of an organization, by the number in its ids.
    func event(
        _ number: Int, _ kind: Kind = .doorOpened, of organization: String = "acme", received: Instant? = nil,
        data: JSONObject = [:]
    ) -> Event {
        let received = received ?? parts.clock.now
        var parts = Event.Parts(
            id: .fixed(at: received, UInt64(number)), kind: kind, organization: OrganizationID(organization),
            received: received)
        (parts.source, parts.sourceID, parts.data) = ("/given", "\(number)", data)
        return Event(parts)
    }

    /// Puts an event into the store, and returns its deliveries, leased to this gateway.
    @discardableResult
    func keep(_ event: Event, owedTo subscriptions: [String] = []) async throws -> [DeliveryID] {
        let owed = subscriptions.map { Entry.Owed(SubscriptionID($0), isBornLeased: true) }
        let entry = Entry(AdmittedEvent(event: event, digest: [UInt8](repeating: 7, count: 32)), owed: owed)
        return try #require(try await store.append([entry], by: intake.incarnation).first).deliveries
    }

    /// Records the result of a leased delivery, and its next state.
    func settle(_ delivery: DeliveryID, _ next: Settlement.Next, _ attempt: Attempt? = nil) async throws {
        try await store.record(
            [Settlement(delivery: delivery, next: next, attempt: attempt)], by: intake.incarnation)
    }

    /// Records attempts of a leased delivery: after each but the last it is due again, and leased again.
    func settle(
        _ delivery: DeliveryID, of subscription: String, _ last: Verdict, after attempts: [Attempt]
    ) async throws {
        for attempt in attempts.dropLast() {
            try await settle(delivery, .verdict(.dueAgain(at: attempt.started)), attempt)
            _ = try await store.claimDue(
                SubscriptionID(subscription), limit: 100, now: attempt.started, by: intake.incarnation)
        }
        try await settle(delivery, .verdict(last), attempts.last)
    }

    /// An attempt that a receiver answered.
    func attempt(_ number: Int, answered status: Int = 503, at started: Instant? = nil) -> Attempt {
        Attempt(
            number: number, started: started ?? parts.clock.now, duration: .zero,
            outcome: .answered(.init(status: status)), headers: [:])
    }

    /// Lets attempts for a subscription fail, each for another event, which is due again at once.
    func fail(_ subscription: String, times: Int, of organization: String = "acme", from first: Int) async throws {
        for number in 0..<times {
            let event = event(first + number, of: organization)
            let delivery = try #require(try await keep(event, owedTo: [subscription]).first)
            try await settle(delivery, .verdict(.dueAgain(at: parts.clock.now)), attempt(1))
        }
    }

    /// Lets deliveries of a subscription die without an attempt, one for each kind.
    func giveUp(_ subscription: String, _ kinds: [Kind], of organization: String = "acme", from first: Int) async throws
    {
        for (place, kind) in kinds.enumerated() {
            let event = event(first + place, kind, of: organization)
            let delivery = try #require(try await keep(event, owedTo: [subscription]).first)
            try await settle(delivery, .verdict(.dead(.corrupt)))
        }
    }

    /// The accepted events, oldest first.
    func taken() async throws -> [Event] { try await store.feed(FeedFilter(limit: 1000)).events.map(\.event) }

    /// The lines of the audit, oldest first.
    func audit() async throws -> [AuditEntry] { try await Self.audit(of: store) }

    /// The lines of a store's audit, oldest first.
    static func audit(of store: any Store) async throws -> [AuditEntry] {
        try await store.audit(AuditFilter(limit: 1000)).reversed().map(\.entry)
    }
}
