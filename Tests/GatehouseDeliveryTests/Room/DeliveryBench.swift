import GatehouseControl
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseStores
import GatehouseTesting
import Logging
import NIOPosix
import Testing

/// A delivery service over a real SQLite store, with a clock that stands still and a sink that dials no address.
final class DeliveryBench {
    static let organization = OrganizationID("acme")

    let clock = ManualClock()
    let sink = RecordingSink()
    let store: any Store
    /// Every operation of the store passes it.
    let gate: FaultGate
    let registries: Registries
    var subscriptions: SubscriptionRegistry { registries.subscriptions }
    var directory: DirectoryRegistry { registries.directory }
    var uses: KeyUses { registries.keys.uses }
    private(set) var service: DeliveryService?
    private var running: Task<Void, Never>?
    private let dialects = DialectTable(Dialects.all)
    /// How long data is kept.
    var retention = Retention()
    /// The service's log.
    var logger = Logger(label: "service") { _ in SwiftLogNoOpLogHandler() }
    /// The tallies that housekeeping settles, and the one of its own actions.
    var tallies: [any Tally] = []
    var ownActions: (any Tally)?
    /// Where requests of large events are written.
    var heavy: HeavyWork?
    /// The drivers that doors may have.
    var drivers: [any DoorDriver] = DoorDrivers.all

    /// Opens an empty store with one organization.
    static func make() async throws -> DeliveryBench {
        let gate = FaultGate()
        let store = try await Stores.open("sqlite::memory:", gate: gate)
        try await store.apply(.add, .organization(Organization(id: organization, name: "Acme", parent: nil)))
        return try await DeliveryBench(store, gate)
    }

    private init(_ store: any Store, _ gate: FaultGate) async throws {
        self.store = store
        self.gate = gate
        registries = try await Registries(opening: store, dialects: dialects, now: clock.now)
    }

    /// Opens the service and runs its duties, until ``close(within:)`` or ``crash()``.
    func open() async throws {
        let parts = DeliveryService.Parts(
            store: store, registries: registries, dialects: dialects,
            drivers: DriverTable(drivers),
            sink: sink, group: MultiThreadedEventLoopGroup.singleton, clock: clock, logger: logger,
            retention: retention, tallies: tallies, heavy: heavy, ownActions: ownActions)
        let service = try await DeliveryService(opening: parts)
        self.service = service
        running = Task { await service.run() }
    }

    /// Ends the service in order.
    func close() async throws {
        running?.cancel()
        await running?.value
        let ending = Task { [service, clock] in await service?.drain(until: clock.now + .seconds(30)) }
        let clock = clock
        let ticking = Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(10))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        await ending.value
        ticking.cancel()
        service = nil
    }

    /// Leaves the service like a killed process: the store hears nothing.
    func crash() async {
        running?.cancel()
        await running?.value
        service = nil
    }

    @discardableResult
    func subscribe(_ name: String = "one", _ change: (inout Terms) -> Void = { _ in }) async throws -> Subscription {
        let dialect = try #require(Dialects.all.first)
        var terms = Terms(
            name: name, dialect: dialect.name, url: try #require(TargetURL("https://\(name).example/events")),
            defaults: dialect.defaults)
        var random = SystemRandomNumberGenerator()
        terms.secret = dialect.makeSecret(using: &random)
        change(&terms)
        let identity = Subscription.Identity(
            id: SubscriptionID("sub_\(name)"), organization: Self.organization, created: clock.now)
        return try await subscriptions.add(Subscription.Draft(identity, terms), through: EventlessIntake(store))
    }

    /// Changes a subscription as a caller does, also while the service is closed.
    func change(
        _ present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil
    ) async throws(StoreError) -> Subscription {
        try await subscriptions.change(present, terms: terms, hold: hold, through: EventlessIntake(store))
    }

    /// Deletes a subscription.
    func delete(_ subscription: Subscription) async throws(StoreError) {
        try await subscriptions.delete(subscription, at: clock.now, through: EventlessIntake(store))
    }

    /// The data of an event of a kind if a test gives none: without it a contract may have nothing to say.
    private static let subjects: [Kind: JSON] = [
        .zoneChanged: ["zone": ["id": "1"]], .unitChanged: ["unit": ["id": "1"]],
    ]

    /// Posts an event, once.
    @discardableResult
    func post(_ id: String, _ kind: Kind = .doorOpened, _ data: JSON? = nil) async throws -> Receipt {
        var random = SystemRandomNumberGenerator()
        let draft: JSON = [
            "specversion": "1.0", "id": .string(id), "source": "/bench", "type": .string(kind.name),
            "data": data ?? Self.subjects[kind] ?? [:],
        ]
        let admitted = try Admission(
            directory: directory.directory, caller: .init(of: Self.organization, role: .source), now: clock.now
        )
        .admit(draft, using: &random)
        let receipts = try await #require(service).intake.append([admitted])
        return try #require(receipts.first)
    }

    /// Makes a change and raises its event, as the server does.
    func apply(_ change: Change, kind: Kind, of organization: OrganizationID) async throws {
        var random = SystemRandomNumberGenerator()
        let event = AdmittedEvent.own(
            kind, of: organization, data: JSONObject(), in: directory.directory, at: clock.now, using: &random)
        var change = change
        change.events = [event]
        try await directory.apply(change, through: #require(service).intake)
    }

    /// Creates a door, and returns it.
    func door(_ driver: JSONObject?) async throws -> Door {
        let panel = Panel(id: PanelID("p1"), organization: Self.organization, name: "Panel", number: 7)
        var door = Door(id: DoorID("lobby"), panel: panel, number: 1, name: "Lobby")
        door.driver = driver
        let intake = try #require(service).intake
        try await directory.apply(Change(.add, .panel(panel)), through: intake)
        try await directory.apply(Change(.add, .door(door)), through: intake)
        return door
    }

    /// Opens doors, while the service is open.
    var commander: any DoorCommander {
        get throws { try #require(service).commander }
    }

    /// The recently blanked persons, while the service is open.
    var erasures: RecentErasures {
        get throws { try #require(service).erasures }
    }

    /// Requests that a door be unlocked.
    func unlock(_ door: Door, repetitionKey: String? = nil) async throws -> Commanded {
        try await commander.unlock(door, for: Self.asker, repetitionKey: repetitionKey)
    }

    static let asker = DoorCommand.Asker(
        id: "key_1", user: ["id": "key_1", "firstName": "Ana", "lastName": "Reis"])

    /// Moves the clock step by step until a condition holds; if it never holds the test fails.
    func advance(
        by step: Duration = .milliseconds(200), steps: Int = 5_000, until what: String,
        _ holds: () async throws -> Bool
    ) async throws {
        for _ in 0..<steps {
            if try await holds() { return }
            clock.advance(by: step)
            // Gives the service's own tasks and the store's thread their turn.
            try await Task.sleep(for: .milliseconds(1))
        }
        throw Stuck(what: what)
    }

    struct Stuck: Error {
        let what: String
    }

    /// How many deliveries are in a state, as the store itself has it.
    func count(_ state: DeliveryState.Name) async throws -> Int {
        var filter = DeliveryFilter(limit: 1_000)
        filter.state = state
        return try await store.deliveries(filter).deliveries.count
    }
}
