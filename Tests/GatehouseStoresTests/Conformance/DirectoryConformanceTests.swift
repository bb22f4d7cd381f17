import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``DirectoryStore``, tested with every store.
@Suite struct DirectoryConformanceTests {
    private static let acme = Organization(id: OrganizationID("acme"), name: "Acme", parent: nil)
    private static let north = Organization(
        id: OrganizationID("north"), name: "North", parent: acme.id, timeZone: "America/Sao_Paulo")
    private static let unstored = Organization(id: OrganizationID("never"), name: "", parent: nil)
    private static let panel = Panel(
        id: PanelID("p1"), organization: acme.id, name: "P", number: 7, timeZone: "Europe/Lisbon")
    private static let door = Door(id: DoorID("d1"), panel: panel, number: 1, name: "D")
    private static let key = Key(
        id: KeyID("key_1"), name: "K", role: .source, organization: acme.id, hash: [1, 2, 3], created: Scene.start)

    private func furnished(_ opener: StoreOpener, _ test: (any Store) async throws -> Void) async throws {
        try await withScene(opener) { scene in
            try await scene.store.delete(Scene.s1, at: Scene.start)
            try await scene.store.apply(.add, .organization(Self.acme))
            try await scene.store.apply(.add, .organization(Self.north))
            try await scene.store.apply(.add, .panel(Self.panel))
            try await scene.store.apply(.add, .door(Self.door))
            try await scene.store.apply(.add, .key(Self.key))
            try await test(scene.store)
        }
    }

    @Test(arguments: StoreOpener.all)
    func addedRowIsReadBack(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            let directory = try await store.directory()
            #expect(directory.organizations == [Self.acme.id: Self.acme, Self.north.id: Self.north])
            #expect(directory.panel(Self.panel.id, in: Self.acme.id) == Self.panel)
            #expect(directory.door(Self.door.id, in: Self.acme.id) == Self.door)
            #expect(try await store.keys() == [Self.key])
        }
    }

    @Test(arguments: StoreOpener.all)
    func takenIdentifierIsAConflict(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.add, .organization(Self.acme))
            }
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.add, .panel(Self.panel))
            }
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.add, .door(Self.door))
            }
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.add, .key(Self.key)) }
            let twin = Door(id: DoorID("d2"), panel: Self.panel, number: 1, name: "Same number")
            await ExpectedError.expectConflict(of: "number") { () throws(StoreError) in
                try await store.apply(.add, .door(twin))
            }
            let sameNumber = Panel(id: PanelID("p2"), organization: Self.acme.id, name: "Q", number: 7, timeZone: nil)
            await ExpectedError.expectConflict(of: "number") { () throws(StoreError) in
                try await store.apply(.add, .panel(sameNumber))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func changeReplacesTheChangeableFields(_ opener: StoreOpener) async throws {
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
            door.driver = JSONObject([.init("type", "simulated"), .init("timeout", 500)])
            key.name = "L"
            key.role = .admin
            key.privacyLevel = .everything
            key.expiresAt = Scene.start + .seconds(60)
            key.rate = 60
            key.panels = [PanelID("p1"), PanelID("p2")]
            key.sources = ["/panels/p1*", "a\"b"]
            try await store.apply(.change, .organization(organization))
            try await store.apply(.change, .panel(panel))
            try await store.apply(.change, .door(door))
            try await store.apply(.change, .key(key))
            let directory = try await store.directory()
            #expect(directory.organizations[organization.id] == organization)
            #expect(directory.panel(panel.id, in: panel.organization) == panel)
            #expect(directory.door(door.id, in: door.organization) == door)
            #expect(try await store.keys() == [key])
        }
    }

    @Test(arguments: StoreOpener.all)
    func doorCannotHaveTheNumberOfAnother(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            var other = Door(id: DoorID("d2"), panel: Self.panel, number: 2, name: "Other")
            try await store.apply(.add, .door(other))
            other.number = 1
            let changed = other
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.change, .door(changed))
            }
            #expect(try await store.directory().door(other.id, in: other.organization)?.number == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func resourceWithDependentsIsNotRemoved(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .panel(Self.panel))
            }
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .organization(Self.acme))
            }
            try await store.apply(.remove, .door(Self.door))
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .organization(Self.acme))
            }
            try await store.apply(.remove, .panel(Self.panel))
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .organization(Self.acme))
            }
            try await store.apply(.remove, .organization(Self.north))
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .organization(Self.acme))
            }
            try await store.apply(.remove, .key(Self.key))
            let late = Scene.subscription(SubscriptionID("late"), "acme")
            try await store.add(late)
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.remove, .organization(Self.acme))
            }
            try await store.delete(late.identity.id, at: Scene.start)
            try await store.apply(.remove, .organization(Self.acme))
            #expect(try await store.directory().organizations.isEmpty)
            #expect(try await store.keys().isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deletedRowIsMissing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            await #expect(throws: StoreError.missing) { try await store.apply(.change, .organization(Self.acme)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.change, .panel(Self.panel)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.change, .door(Self.door)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.change, .key(Self.key)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.remove, .organization(Self.unstored)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.remove, .panel(Self.panel)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.remove, .door(Self.door)) }
            await #expect(throws: StoreError.missing) { try await store.apply(.remove, .key(Self.key)) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func changeAndItsEventsAreOneCommit(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("told", kind: .organizationCreated)
            let changeEvents = ChangeEvents(
                [Sample.entry(event, owed: [.init(Scene.s1, isBornLeased: true)])], by: scene.me)
            let change = Change(.add, .organization(Self.acme))
            let appended = try await scene.store.apply(change, events: changeEvents).appended
            #expect(appended.map(\.event) == [event.id])
            #expect(try await scene.store.event(event.id)?.kind == .organizationCreated)
            #expect(try await scene.store.leases(of: scene.me) == appended.flatMap(\.deliveries))
            // Refused because of the directory, and because of the event.
            let again = Sample.event("again")
            await ExpectedError.expectConflict { () throws(StoreError) in
                let told = ChangeEvents([Sample.entry(again)], by: scene.me)
                _ = try await scene.store.apply(Change(.add, .organization(Self.acme)), events: told)
            }
            #expect(try await scene.store.event(again.id) == nil)
            let other = Sample.event("told", kind: .organizationCreated)
            await ExpectedError.expectConflict { () throws(StoreError) in
                let told = ChangeEvents([Sample.entry(other, content: "another")], by: scene.me)
                _ = try await scene.store.apply(Change(.add, .organization(Self.north)), events: told)
            }
            #expect(try await scene.store.directory().organizations.count == 1)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aKeyIsAcceptedOnce(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            var key = Self.key
            key.owner = Key.Owner(id: "u1", firstName: "Ana", lastName: "Reis", email: "ana@example.com")
            try await store.apply(.remove, .key(Self.key))
            try await store.apply(.add, .key(key))
            #expect(try await store.keys() == [key])
            let untouched = key
            key.accepted = Scene.start
            let accepted = key
            try await store.apply(.change, .key(accepted))
            await ExpectedError.expectConflict { () throws(StoreError) in
                try await store.apply(.change, .key(untouched))
            }
            key.accepted = Scene.start + .seconds(1)
            let later = key
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.change, .key(later)) }
            #expect(try await store.keys() == [accepted])
        }
    }

    @Test(arguments: StoreOpener.all)
    func loginNameIsUnique(_ opener: StoreOpener) async throws {
        try await furnished(opener) { store in
            var random = SeededRandom(seed: 3)
            var keys = (0..<3).map { _ in
                Key(
                    Credential(using: &random), name: "K", role: .reporter, organization: nil, created: Scene.start)
            }
            keys[0].login = "admin"
            for key in keys { try await store.apply(.add, .key(key)) }
            #expect(Set(try await store.keys().map(\.login)) == ["admin", nil])
            var second = keys[1]
            second.login = "admin"
            let same = second
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.change, .key(same)) }
            var fresh = Key(
                Credential(using: &random), name: "K", role: .reporter, organization: nil, created: Scene.start)
            fresh.login = "admin"
            let added = fresh
            await ExpectedError.expectConflict { () throws(StoreError) in try await store.apply(.add, .key(added)) }
            try await store.apply(.remove, .key(keys[0]))
            try await store.apply(.change, .key(same))
            #expect(try await store.keys().contains(same))
        }
    }
}
