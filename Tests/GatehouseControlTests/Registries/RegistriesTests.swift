import GatehouseControl
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import Logging
import Testing

/// Two gateways on one store: what one changes, the other has once it reads again.
@Suite struct RegistriesTests {
    private static let now = Instant(seconds: 1_773_216_930)

    private static func open(_ store: any Store) async throws -> Registries {
        try await Registries(opening: store, dialects: DialectTable([]), now: now)
    }

    /// One change of each noun that is told of as a ``Change``.
    private static func changes() -> [(RegistryName, Change)] {
        let organization = Organization(id: OrganizationID("acme"), name: "Acme", parent: nil)
        var random = SystemRandomNumberGenerator()
        let key = Key(
            Credential(using: &random), name: "k", role: .reporter, organization: organization.id, created: now)
        let proof = TriggerSecret(using: &random)
        let trigger = Trigger(
            id: proof.id, name: "t", organization: organization.id, hash: proof.hash, created: now)
        return [
            (.directory, Change(.add, .organization(organization))), (.keys, Change(.add, .key(key))),
            (.triggers, Change(.add, .trigger(trigger))),
        ]
    }

    private static func apply(_ change: Change, to registries: Registries, _ intake: any ChangeIntake) async throws {
        switch change.subject {
        case .key: try await registries.keys.apply(change, through: intake)
        case .trigger: try await registries.triggers.apply(change, through: intake)
        case .organization, .panel, .door, .command, .subscription, .integration, .tokenKey:
            try await registries.directory.apply(change, through: intake)
        }
    }

    private static func counts(_ registries: Registries) -> [Int] {
        [
            registries.directory.directory.organizations.count, registries.keys.keys.count,
            registries.triggers.triggers.count,
        ]
    }

    @Test func whatOneGatewayChangesTheOtherHasAfterARefresh() async throws {
        let store = try await Stores.open("sqlite::memory:")
        let (one, other) = (try await Self.open(store), try await Self.open(store))
        for (name, change) in Self.changes() {
            try await Self.apply(change, to: one, EventlessIntake(store))
            let before = Self.counts(other)
            try await other.refresh(name)
            #expect(Self.counts(other) != before, "\(name)")
            #expect(Self.counts(other) == Self.counts(one), "\(name)")
        }
        await store.close()
    }

    @Test func aHintHasARegistryReadAgain() async throws {
        let store = try await Stores.open("sqlite::memory:")
        let (one, other) = (try await Self.open(store), try await Self.open(store))
        other.followHints(Logger(label: "test"))
        for (name, change) in Self.changes() {
            try await Self.apply(change, to: one, EventlessIntake(store))
            other.notifier.post(.registryStale(name))
            for _ in 0..<1000 where Self.counts(other) != Self.counts(one) {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(Self.counts(other) == Self.counts(one), "\(name)")
        }
        await store.close()
    }

    /// What reads a registry again whose last change had no answer.
    enum Repair: CaseIterable {
        /// The change itself, at once.
        case change
        /// The next change, because the store was away after the first one.
        case nextChange
        /// The duty of every gateway, because the store was away after the change.
        case duty
    }

    /// The store makes the change, and its answer is lost: the caller gets an error, and the memory has the change.
    @Test(arguments: Repair.allCases)
    func lostAnswerLeavesNoRegistryBehindTheStore(repair: Repair) async throws {
        let gate = FaultGate()
        let store = try await Stores.open("sqlite::memory:", gate: gate)
        let (one, truth) = (try await Self.open(store), try await Self.open(store))
        for (name, change) in Self.changes() {
            for change in [change, Change(.remove, change.subject)] where Self.isAlone(change) {
                gate.fail(call: 1, .after, of: [.applyChange])
                if repair != .change { for read in Self.reads { gate.refuse(read, with: .unavailable("away")) } }
                await #expect(throws: StoreError.self) {
                    try await Self.apply(change, to: one, EventlessIntake(store))
                }
                gate.rest()
                for read in Self.reads { gate.refuse(read, with: nil) }
                switch repair {
                case .change: break
                case .nextChange:
                    try? await Self.apply(Self.changeOfNothing(like: change), to: one, EventlessIntake(store))
                case .duty: try await one.settleDoubts()
                }
                try await truth.refresh(name)
                #expect(Self.counts(one) == Self.counts(truth), "\(name), \(change.action)")
            }
        }
        await store.close()
    }

    private static let reads: [StoreOperation] = [.readDirectory, .readKeys, .readTriggers, .readSubscriptions]

    /// Whether a change can be made while the others stand: nothing belongs to what it takes out.
    private static func isAlone(_ change: Change) -> Bool {
        if case .organization = change.subject { change.action == .add } else { true }
    }

    /// A change that the store refuses, because the thing is not there.
    private static func changeOfNothing(like change: Change) -> Change {
        var random = SystemRandomNumberGenerator()
        switch change.subject {
        case .key:
            let key = Key(Credential(using: &random), name: "n", role: .reporter, organization: nil, created: now)
            return Change(.remove, .key(key))
        case .trigger:
            let proof = TriggerSecret(using: &random)
            return Change(
                .remove,
                .trigger(
                    Trigger(
                        id: proof.id, name: "n", organization: OrganizationID("acme"), hash: proof.hash, created: now)))
        case .organization, .panel, .door, .command, .subscription, .integration, .tokenKey:
            return Change(.remove, .organization(Organization(id: OrganizationID("none"), name: "n", parent: nil)))
        }
    }

    @Test func changedPlacesOfTheDirectoryAreNamed() async throws {
        let store = try await Stores.open("sqlite::memory:")
        let (one, other) = (try await Self.open(store), try await Self.open(store))
        let change = try #require(Self.changes().first).1
        try await Self.apply(change, to: one, EventlessIntake(store))
        var places = other.directory.directory
        #expect(places.replace(by: one.directory.directory) == [.organization(OrganizationID("acme"))])
        #expect(places.replace(by: one.directory.directory) == [])
        await store.close()
    }

    /// The use of a key that another gateway deleted is forgotten, so that it is not stored for a key that is gone.
    @Test func useOfAKeyThatIsGoneIsForgottenAfterARefresh() async throws {
        let store = try await Stores.open("sqlite::memory:")
        let intake = EventlessIntake(store)
        let one = try await Self.open(store)
        let change = try #require(Self.changes().first { $0.0 == .keys }).1
        try await one.keys.apply(change, through: intake)
        let other = try await Self.open(store)
        let key = try #require(one.keys.keys.first)
        one.keys.noteUse(of: key, at: Self.now)
        #expect(one.keys.uses[key.id] == Self.now)
        try await other.keys.apply(Change(.remove, change.subject), through: intake)
        try await one.keys.refresh()
        #expect(one.keys.uses[key.id] == nil)
        await store.close()
    }
}
