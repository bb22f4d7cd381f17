import GatehouseCore
import Testing

/// What ``DirectoryStore`` and ``KeyStore`` promise, held against every store.
@Suite struct DirectoryConformanceTests {
    private static let acme = Organization(id: OrganizationID("acme"), name: "Acme", parent: nil)
    private static let north = Organization(
        id: OrganizationID("north"), name: "North", parent: acme.id, timeZone: "America/Sao_Paulo")
    private static let panel = Panel(
        id: PanelID("p1"), organization: acme.id, name: "P", number: 7, timeZone: "Europe/Lisbon")
    private static let door = Door(id: DoorID("d1"), panel: panel, number: 1, name: "D")
    private static let key = Key(
        id: KeyID("key_1"), name: "K", role: .source, organization: acme.id, hash: [1, 2, 3], created: Scene.start)

    private func furnished(_ opener: StoreOpener, _ test: (any Store) async throws -> Void) async throws {
        try await withScene(opener) { scene in
            try await scene.store.delete(Scene.s1, at: Scene.start)
            try await scene.store.add(Self.acme)
            try await scene.store.add(Self.north)
            try await scene.store.add(Self.panel)
            try await scene.store.add(Self.door)
            try await scene.store.add(Self.key)
            try await test(scene.store)
        }
    }

    @Test(arguments: StoreOpener.all)
    func whatWasAddedIsReadBack(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            let directory = try await store.directory()
            #expect(directory.organizations == [Self.acme.id: Self.acme, Self.north.id: Self.north])
            #expect(directory.panel(Self.panel.id, in: Self.acme.id) == Self.panel)
            #expect(directory.door(Self.door.id, in: Self.acme.id) == Self.door)
            #expect(try await store.keys() == [Self.key])
        }
    }

    @Test(arguments: StoreOpener.all)
    func whatIsTakenIsTaken(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            await expectConflict { () throws(StoreError) in try await store.add(Self.acme) }
            await expectConflict { () throws(StoreError) in try await store.add(Self.panel) }
            await expectConflict { () throws(StoreError) in try await store.add(Self.door) }
            await expectConflict { () throws(StoreError) in try await store.add(Self.key) }
            let twin = Door(id: DoorID("d2"), panel: Self.panel, number: 1, name: "Same number")
            await expectConflict { () throws(StoreError) in try await store.add(twin) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func aChangeReplacesWhatMayChange(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            var (organization, panel, door, key) = (Self.north, Self.panel, Self.door, Self.key)
            organization.name = "Far north"
            organization.timeZone = "UTC"
            panel.name = "Q"
            panel.number = nil
            panel.timeZone = nil
            door.name = "E"
            door.number = 9
            door.isAttendancePoint = true
            key.name = "L"
            key.role = .admin
            try await store.change(organization)
            try await store.change(panel)
            try await store.change(door)
            try await store.change(key)
            let directory = try await store.directory()
            #expect(directory.organizations[organization.id] == organization)
            #expect(directory.panel(panel.id, in: panel.organization) == panel)
            #expect(directory.door(door.id, in: door.organization) == door)
            #expect(try await store.keys() == [key])
        }
    }

    @Test(arguments: StoreOpener.all)
    func aDoorCannotTakeAnothersNumber(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            var other = Door(id: DoorID("d2"), panel: Self.panel, number: 2, name: "Other")
            try await store.add(other)
            other.number = 1
            let changed = other
            await expectConflict { () throws(StoreError) in try await store.change(changed) }
            #expect(try await store.directory().door(other.id, in: other.organization)?.number == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func nothingIsTakenOutThatOthersBelongTo(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            await expectConflict { () throws(StoreError) in try await store.remove(Self.panel) }
            await expectConflict { () throws(StoreError) in try await store.remove(Self.acme.id) }
            try await store.remove(Self.door)
            await expectConflict { () throws(StoreError) in try await store.remove(Self.acme.id) }
            try await store.remove(Self.panel)
            await expectConflict { () throws(StoreError) in try await store.remove(Self.acme.id) }
            try await store.remove(Self.north.id)
            await expectConflict { () throws(StoreError) in try await store.remove(Self.acme.id) }
            try await store.remove(Self.key.id)
            let late = Scene.subscription(SubscriptionID("late"), "acme")
            try await store.add(late)
            await expectConflict { () throws(StoreError) in try await store.remove(Self.acme.id) }
            try await store.delete(late.identity.id, at: Scene.start)
            try await store.remove(Self.acme.id)
            #expect(try await store.directory().organizations.isEmpty)
            #expect(try await store.keys().isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func whatIsGoneIsMissing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            await #expect(throws: StoreError.missing) { try await store.change(Self.acme) }
            await #expect(throws: StoreError.missing) { try await store.change(Self.panel) }
            await #expect(throws: StoreError.missing) { try await store.change(Self.door) }
            await #expect(throws: StoreError.missing) { try await store.change(Self.key) }
            await #expect(throws: StoreError.missing) { try await store.remove(OrganizationID("never")) }
            await #expect(throws: StoreError.missing) { try await store.remove(Self.panel) }
            await #expect(throws: StoreError.missing) { try await store.remove(Self.door) }
            await #expect(throws: StoreError.missing) { try await store.remove(Self.key.id) }
        }
    }

    private func expectConflict(_ work: () async throws(StoreError) -> Void) async {
        do {
            try await work()
            Issue.record("there was no conflict")
        } catch StoreError.conflict(_, let sentence) {
            #expect(sentence.count > 10)
        } catch {
            Issue.record("\(error)")
        }
    }
}
