import GatehouseCore
import Testing

/// The promises of ``CredentialStore`` and ``ChangeStore`` about token keys, tested with every store.
@Suite struct TokenKeyConformanceTests {
    private static func key(_ id: String, after seconds: Int) -> TokenKey {
        TokenKey(
            id: TokenKeyID(id), privateKey: Secret("-----BEGIN PRIVATE KEY-----\n\(id)\n-----END PRIVATE KEY-----"),
            created: Scene.start + .seconds(seconds))
    }

    @Test(arguments: StoreOpener.all)
    func keysAreReadBackWholeTheOldestFirst(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.tokenKeys().isEmpty)
            let keys = [Self.key("b", after: 0), Self.key("c", after: 1), Self.key("a", after: 2)]
            for key in keys.reversed() { try await scene.store.apply(.add, .tokenKey(key)) }
            #expect(try await scene.store.tokenKeys() == keys)
        }
    }

    @Test(arguments: StoreOpener.all)
    func usedIDIsAConflictAndChangesNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let first = Self.key("a", after: 0)
            try await scene.store.apply(.add, .tokenKey(first))
            do {
                try await scene.store.apply(.add, .tokenKey(Self.key("a", after: 9)))
                Issue.record("there was no conflict")
            } catch StoreError.conflict(_, let sentence, _) {
                #expect(!sentence.contains("BEGIN"))
            }
            #expect(try await scene.store.tokenKeys() == [first])
        }
    }

    @Test(arguments: StoreOpener.all)
    func keyAndItsAuditEntryAreOneCommit(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let key = Self.key("a", after: 0)
            for id in ["written", "refused"] {
                let change = Change(.add, .tokenKey(key), audited: AuditConformanceTests.entry(id, of: nil))
                _ = try? await scene.store.apply(change, events: nil)
            }
            let written = try await scene.store.audit(AuditFilter(limit: 9))
            #expect(written.map(\.entry.id) == ["written"])
            for action in [Change.Action.change, .remove] {
                await #expect(throws: StoreError.missing) { try await scene.store.apply(action, .tokenKey(key)) }
            }
            #expect(try await scene.store.tokenKeys() == [key])
        }
    }

    @Test(arguments: StoreOpener.all)
    func olderKeysAreRemovedAndOthersStay(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let keys = (0..<4).map { Self.key("\($0)", after: $0) }
            for key in keys { try await scene.store.apply(.add, .tokenKey(key)) }
            try await scene.store.removeTokenKeys(olderThan: Scene.start + .seconds(2))
            #expect(try await scene.store.tokenKeys() == Array(keys[2...]))
            try await scene.store.removeTokenKeys(olderThan: Scene.start + .seconds(2))
            #expect(try await scene.store.tokenKeys() == Array(keys[2...]))
        }
    }

    @Test func keysSurviveARestart() async throws {
        let inFile = try #require(StoreOpener.all.first)
        try await withFolder { folder in
            let key = Self.key("a", after: 0)
            let before = try await inFile.open(folder, OpenGate(), nil)
            try await before.apply(.add, .tokenKey(key))
            await before.close()
            let after = try await inFile.open(folder, OpenGate(), nil)
            #expect(try await after.tokenKeys() == [key])
            await after.close()
        }
    }
}
