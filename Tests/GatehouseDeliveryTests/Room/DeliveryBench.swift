import GatehouseControl
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseStores
import GatehouseTesting
import Logging
import NIOPosix
import Testing

/// A delivery room over a real SQLite store, with a clock that stands still and a sink that dials nobody.
final class DeliveryBench {
    static let organization = OrganizationID("acme")

    let clock = ManualClock()
    let sink = RecordingSink()
    let store: any Store
    /// What every operation of the store passes.
    let gate: FaultGate
    let registries: Registries
    var subscriptions: SubscriptionRegistry { registries.subscriptions }
    var directory: DirectoryRegistry { registries.directory }
    var uses: KeyUses { registries.keys.uses }
    private(set) var room: DeliveryService?
    private var running: Task<Void, Never>?
    private let dialects = DialectTable(Dialects.all)
    /// How long things are kept.
    var retention = Retention()
    /// Where the room writes its log.
    var logger = Logger(label: "room") { _ in SwiftLogNoOpLogHandler() }
    /// What is settled by housekeeping, and where its own actions are counted.
    var tallies: [any Tally] = []
    var ownActions: (any Tally)?
    /// Where requests of large events are written.
    var heavy: HeavyWork?
    /// What doors may be told to open by.
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

    /// Opens the room and lets it keep house, until ``close(within:)`` or ``crash()``.
    func open() async throws {
        var parts = DeliveryService.Parts(
            store: store, registries: registries, dialects: dialects,
            drivers: DriverTable(drivers),
            sending: (sink, MultiThreadedEventLoopGroup.singleton),
            telling: (clock, logger))
        parts.retention = retention
        parts.tallies = tallies
        parts.heavy = heavy
        parts.ownActions = ownActions
        let room = try await DeliveryService(opening: parts)
        self.room = room
        running = Task { await room.run() }
    }

    /// Ends the room in order.
    func close() async throws {
        running?.cancel()
        await running?.value
        let ending = Task { [room, clock] in await room?.drain(until: clock.now + .seconds(30)) }
        let clock = clock
        let ticking = Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(10))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        await ending.value
        ticking.cancel()
        room = nil
    }

    /// Leaves the room as a killed process would: nothing is told to the store.
    func crash() async {
        running?.cancel()
        await running?.value
        room = nil
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
        return try await subscriptions.add(identity, terms)
    }

    /// What an event of a kind tells of where a test does not say: without it a contract may have nothing to tell.
    private static let subjects: [Kind: JSON] = [
        .zoneChanged: ["zone": ["id": "1"]], .unitChanged: ["unit": ["id": "1"]],
    ]

    /// Hands an event in, once.
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
        let receipts = try await #require(room).intake.append([admitted])
        return try #require(receipts.first)
    }

    /// Makes a change and tells of it, as the server does.
    func apply(_ change: Change, telling kind: Kind, of organization: OrganizationID) async throws {
        var random = SystemRandomNumberGenerator()
        let event = AdmittedEvent.own(
            kind, of: organization, data: JSONObject(), in: directory.directory, at: clock.now, using: &random)
        var change = change
        change.events = [event]
        try await directory.apply(change, through: #require(room).intake)
    }

    /// Furnishes a door, and returns it.
    func door(_ driver: JSONObject?) async throws -> Door {
        let panel = Panel(id: PanelID("p1"), organization: Self.organization, name: "Panel", number: 7)
        var door = Door(id: DoorID("lobby"), panel: panel, number: 1, name: "Lobby")
        door.driver = driver
        let intake = try #require(room).intake
        try await directory.apply(Change(.add, .panel(panel)), through: intake)
        try await directory.apply(Change(.add, .door(door)), through: intake)
        return door
    }

    /// Tells doors to open, while the room is open.
    var commander: any DoorCommander {
        get throws { try #require(room).commander }
    }

    /// Who was blanked of late, while the room is open.
    var erasures: RecentErasures {
        get throws { try #require(room).erasures }
    }

    /// Asks that a door be unlocked.
    func unlock(_ door: Door, repetitionKey: String? = nil) async throws -> Commanded {
        try await commander.unlock(door, for: Self.asker, repetitionKey: repetitionKey)
    }

    static let asker = DoorCommand.Asker(
        id: "key_1", user: ["id": "key_1", "firstName": "Ana", "lastName": "Reis"])

    /// Moves the clock step by step until a condition holds; a room that never gets there fails the test.
    func advance(
        by step: Duration = .milliseconds(200), steps: Int = 5_000, until what: String,
        _ holds: () async throws -> Bool
    ) async throws {
        for _ in 0..<steps {
            if try await holds() { return }
            clock.advance(by: step)
            // Lets the room's own tasks and the store's thread have their turn.
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
        return try await store.deliveries(filter).count
    }
}
