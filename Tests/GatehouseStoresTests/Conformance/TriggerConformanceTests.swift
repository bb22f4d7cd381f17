import GatehouseCore
import Testing

/// The promises of ``DirectoryStore`` about triggers, tested with every store.
@Suite struct TriggerConformanceTests {
    private static func trigger(_ id: String, of organization: OrganizationID) -> Trigger {
        Trigger(
            id: TriggerID(id), name: "T", organization: organization, hash: [1, 2, 3], created: Scene.start)
    }

    private static let acme = Organization(id: OrganizationID("tops"), name: "Acme", parent: nil)

    @Test(arguments: StoreOpener.all)
    func triggerIsReadBackBeforeAndAfterAChange(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let plain = Self.trigger("trig-a~", of: Self.acme.id)
            var full = Self.trigger("trig-b", of: Self.acme.id)
            full.doors = [DoorID("d1"), DoorID("d2")]
            full.mayRegister = false
            full.mayUnlock = true
            full.doorsEnvelope = true
            full.isActive = false
            full.rate = 60
            full.privacyLevel = .noPersons
            for trigger in [plain, full] { try await scene.store.apply(.add, .trigger(trigger)) }
            #expect(Set(try await scene.store.triggers()) == [plain, full])
            var changed = Self.trigger("trig-b", of: Self.acme.id)
            changed.name = "U"
            try await scene.store.apply(.change, .trigger(changed))
            #expect(Set(try await scene.store.triggers()) == [plain, changed])
            try await scene.store.apply(.remove, .trigger(plain))
            #expect(try await scene.store.triggers() == [changed])
        }
    }

    @Test(arguments: StoreOpener.all)
    func takenOrMissingIDIsReported(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let trigger = Self.trigger("trig-a", of: Self.acme.id)
            for action in [Change.Action.change, .remove] {
                await #expect(throws: StoreError.missing) { try await scene.store.apply(action, .trigger(trigger)) }
            }
            try await scene.store.apply(.add, .trigger(trigger))
            await #expect {
                try await scene.store.apply(.add, .trigger(trigger))
            } throws: { error in
                if case StoreError.conflict = error { true } else { false }
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func anOrganizationWithATriggerStays(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let trigger = Self.trigger("trig-a", of: Self.acme.id)
            try await scene.store.apply(.add, .organization(Self.acme))
            try await scene.store.apply(.add, .trigger(trigger))
            await #expect {
                try await scene.store.apply(.remove, .organization(Self.acme))
            } throws: { error in
                if case StoreError.conflict(_, let sentence, _) = error { sentence.contains("triggers") } else { false }
            }
            try await scene.store.apply(.remove, .trigger(trigger))
            try await scene.store.apply(.remove, .organization(Self.acme))
        }
    }
}
