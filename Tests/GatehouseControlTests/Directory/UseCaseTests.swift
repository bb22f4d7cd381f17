import GatehouseControl
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import Synchronization
import Testing

/// The use cases without a server: what a caller asks for as JSON, who asks, and what becomes durable.
@Suite struct UseCaseTests {
    /// Keeps what was committed together.
    private final class NotingIntake: ChangeIntake {
        private let store: any Store
        private let noted = Mutex<[Change]>([])

        init(store: any Store) { self.store = store }

        var changes: [Change] { noted.withLock { $0 } }

        func commit(_ change: Change) async throws(StoreError) -> Change.Result {
            let result = try await store.apply(change, events: nil)
            noted.withLock { $0.append(change) }
            return result
        }
    }

    /// Knows one zone.
    private struct OneZone: TimeZones {
        func offsetMinutes(of zone: String, at instant: Instant) -> Int? { zone == "Europe/Berlin" ? 60 : nil }
    }

    private static let now = Instant(seconds: 1_773_216_930)

    private let store: any Store
    private let intake: NotingIntake
    private let registries: Registries
    private let directory: DirectoryService
    private let keys: KeyService
    private let triggers: TriggerService

    init() async throws {
        store = try await Stores.open("sqlite::memory:")
        intake = NotingIntake(store: store)
        registries = try await Registries(opening: store, dialects: DialectTable([]), now: Self.now)
        let changes = ChangeService(registries, intake: intake)
        directory = DirectoryService(
            registries, changes: changes, timeZones: OneZone(), drivers: DriverTable([]))
        keys = KeyService(registries, changes: changes)
        triggers = TriggerService(registries, dialects: DialectTable([]), changes: changes)
    }

    /// An author whose key stands above all trees, or has an organization.
    private func author(_ organization: String? = nil) -> Author {
        var random = SystemRandomNumberGenerator()
        let key = Key(
            Credential(using: &random), name: "k", role: .admin, organization: organization.map { OrganizationID($0) },
            created: Self.now)
        return Author(key: key, client: Client(address: "192.0.2.7"), now: Self.now)
    }

    @Test func aChangeIsDurableWithItsLineAndItsEvents() async throws {
        let author = author()
        let acme = try await directory.createOrganization(["id": "acme", "name": "Acme"], author: author)
        _ = try await directory.createPanel(
            ["id": "p1", "organization": "acme", "name": "Panel", "timeZone": "Europe/Berlin"], author: author)
        let door = try await directory.createDoor(
            ["id": "d1", "panel": "p1", "number": 1, "name": "Lobby"], author: author)
        let renamed = try await directory.update(door, by: ["name": "Hall"], author: author)
        #expect(renamed.name == "Hall")
        #expect(registries.directory.directory.door(DoorID("d1"), in: acme.id)?.name == "Hall")
        let kinds: [Kind] = [.organizationCreated, .panelCreated, .deviceCreated, .deviceUpdated]
        #expect(intake.changes.map { $0.events.map(\.event.kind) } == kinds.map { [$0] })
        for change in intake.changes {
            #expect(change.audited?.actor.key == author.key.id.text)
            #expect(change.audited?.actor.client["ipAddress"] == "192.0.2.7")
        }
        await store.close()
    }

    @Test func whatChangesNothingIsNotTold() async throws {
        let author = author()
        let acme = try await directory.createOrganization(["id": "acme", "name": "Acme"], author: author)
        _ = try await directory.update(acme, by: ["name": "Acme"], author: author)
        #expect(intake.changes.count == 1)
        await store.close()
    }

    @Test func allThatIsWrongIsToldAtOnceAndNothingIsMade() async throws {
        let errors = await #expect(throws: ValidationErrors.self) {
            try await directory.createOrganization(
                ["id": "a b", "name": "", "timeZone": "Nowhere/Here", "colour": 1], author: author())
        }
        #expect(Set(errors?.compactMap(\.field) ?? []) == ["id", "name", "timeZone", "colour"])
        #expect(intake.changes.isEmpty)
        await store.close()
    }

    @Test func whatAKeyDoesNotReachIsAsIfItDidNotExist() async throws {
        for id in ["acme", "other"] {
            _ = try await directory.createOrganization(["id": .string(id), "name": "O"], author: author())
            _ = try await directory.createPanel(
                ["id": "p", "organization": .string(id), "name": "P"], author: author())
        }
        let acme = author("acme")
        #expect(directory.organizations(for: acme.key).map(\.id.text) == ["acme"])
        #expect(try directory.panel("p", for: acme.key, within: nil).organization == OrganizationID("acme"))
        #expect(throws: ValidationError.self) { try directory.organization("other", for: acme.key) }
        #expect(throws: ValidationError.self) {
            try directory.panel("p", for: acme.key, within: OrganizationID("other"))
        }
        let ambiguous = #expect(throws: AmbiguousName.self) {
            try directory.panel("p", for: author().key, within: nil)
        }
        #expect(ambiguous?.organizations.map(\.text) == ["acme", "other"])
        await store.close()
    }

    @Test func aKeyMakesNoneThatSeesMoreAndDoesNotRevokeItself() async throws {
        _ = try await directory.createOrganization(["id": "acme", "name": "Acme"], author: author())
        var admin = author()
        let made = try await keys.create(
            ["name": "admin", "role": "admin", "organization": "acme", "privacyLevel": 2], author: admin)
        #expect(registries.keys.key(provenBy: made.credential.text, at: Self.now)?.id == made.key.id)
        admin = Author(key: made.key, client: Client(address: nil), now: Self.now)
        await #expect(throws: ValidationError.self) {
            try await keys.create(
                ["name": "more", "role": "reporter", "organization": "acme", "privacyLevel": 0], author: admin)
        }
        await #expect(throws: ValidationError.self) { try await keys.revoke(made.key, author: admin) }
        #expect(registries.keys[made.key.id] != nil)
        try await keys.revoke(made.key, author: author())
        #expect(registries.keys[made.key.id] == nil)
        await store.close()
    }

    @Test func withoutAContractThatHasTriggersNoneIsMade() async throws {
        _ = try await directory.createOrganization(["id": "acme", "name": "Acme"], author: author())
        await #expect(throws: TriggerService.NotSpoken.self) {
            try await triggers.create(["name": "t", "organization": "acme"], author: author())
        }
        #expect(registries.triggers.triggers.isEmpty)
        await store.close()
    }
}
