import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``CredentialStore`` about uses of keys, tested with every store, and their use by ``KeyUses``.
@Suite struct KeyUseConformanceTests {
    private static func key(_ id: String) -> Key {
        Key(id: KeyID(id), name: "K", role: .source, organization: nil, hash: [1], created: Scene.start)
    }

    private static let (a, b) = (key("key_a"), key("key_b"))
    private static let later = Scene.start + .seconds(5)

    @Test(arguments: StoreOpener.all)
    func theLatestUseIsKeptWithoutTouchingTheKey(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for key in [Self.a, Self.b] { try await scene.store.apply(.add, .key(key)) }
            #expect(try await scene.store.keyUses().isEmpty)
            try await scene.store.keep([:])
            try await scene.store.keep([Self.a.id: Self.later, KeyID("key_gone"): Self.later])
            try await scene.store.keep([Self.a.id: Scene.start, Self.b.id: Scene.start])
            #expect(try await scene.store.keyUses() == [Self.a.id: Self.later, Self.b.id: Scene.start])
            #expect(Set(try await scene.store.keys()) == [Self.a, Self.b])
            var renamed = Self.a
            renamed.name = "L"
            try await scene.store.apply(.change, .key(renamed))
            #expect(try await scene.store.keyUses()[Self.a.id] == Self.later, "a change of the key leaves it")
            try await scene.store.apply(.remove, .key(renamed))
            #expect(try await scene.store.keyUses() == [Self.b.id: Scene.start])
        }
    }

    @Test(arguments: StoreOpener.all)
    func notedUsesAreStoredAtTheNextTurnAfterAFailure(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for key in [Self.a, Self.b] { try await scene.store.apply(.add, .key(key)) }
            let uses = try await KeyUses(opening: scene.store)
            uses.note(Self.a.id, at: Self.later)
            uses.note(Self.a.id, at: Scene.start)
            uses.note(Self.b.id, at: Scene.start)
            uses.forget(Self.b.id)
            #expect(uses[Self.a.id] == Self.later && uses[Self.b.id] == nil)
            scene.gate.goAway()
            await #expect(throws: StoreError.self) { try await uses.keep() }
            scene.gate.comeBack()
            try await uses.keep()
            #expect(try await scene.store.keyUses() == [Self.a.id: Self.later])
            let calls = scene.gate.calls
            try await uses.keep()
            #expect(scene.gate.calls == calls, "nothing new needs no write")
            #expect(try await KeyUses(opening: scene.store)[Self.a.id] == Self.later, "it survives a restart")
        }
    }
}
