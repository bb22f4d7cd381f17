import GatehouseCore
import Testing

/// The promises of ``CredentialStore`` about sessions, tested with every store.
@Suite struct SessionConformanceTests {
    private static func session(_ byte: UInt8, until expires: Instant) -> StoredSession {
        StoredSession(hash: [byte, 2, 3], key: KeyID("key_\(byte)"), expires: expires)
    }

    @Test(arguments: StoreOpener.all)
    func sessionIsReadBackUntilItsRemoval(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let session = Self.session(1, until: Scene.start + .seconds(60))
            try await scene.store.add(session, at: Scene.start)
            #expect(try await scene.store.session(session.hash) == session)
            #expect(try await scene.store.session([9]) == nil)
            try await scene.store.removeSession(session.hash)
            try await scene.store.removeSession(session.hash)
            #expect(try await scene.store.session(session.hash) == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func endedSessionIsRemovedWithTheNextOne(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let (first, second) = (Scene.start + .seconds(60), Scene.start + .seconds(120))
            try await scene.store.add(Self.session(1, until: first), at: Scene.start)
            try await scene.store.add(Self.session(2, until: second), at: Scene.start)
            #expect(try await scene.store.session([1, 2, 3]) != nil)
            try await scene.store.add(Self.session(3, until: second), at: first)
            #expect(try await scene.store.session([1, 2, 3]) == nil)
            #expect(try await scene.store.session([2, 2, 3]) != nil)
        }
    }
}
