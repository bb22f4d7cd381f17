import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``AuditStore``, and of the other protocols about the audit entries that they are given, tested with
/// every store.
@Suite struct AuditConformanceTests {
    private static let acme = Organization(id: OrganizationID("acme"), name: "Acme", parent: nil)

    static func entry(_ id: String, of organization: String? = "acme", at second: Int = 0) -> AuditEntry {
        let actor = AuditEntry.Actor(
            key: "key_1", user: JSONObject([.init("id", "u1"), .init("firstName", "Ação “1” \u{1F6AA}")]),
            client: JSONObject([.init("ipAddress", "::1")]))
        return AuditEntry(
            .change, .door, id, of: organization.map { OrganizationID($0) },
            by: actor, at: Scene.start + .seconds(second) + .microseconds(250_001))
    }

    private static func all(_ store: any Store, _ change: (inout AuditFilter) -> Void = { _ in }) async throws
        -> [String]
    {
        var filter = AuditFilter(limit: 100)
        change(&filter)
        return try await store.audit(filter).map(\.entry.id)
    }

    @Test(arguments: StoreOpener.all)
    func changeAndEntryAreWrittenTogetherOrNotAtAll(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            var written = Self.entry("1").naming(["name", "url"])
            written.details["outcome"] = "opened"
            _ = try await store.apply(Change(.add, .organization(Self.acme), audited: written), events: nil)
            let s3 = Scene.subscription(SubscriptionID("s3"), "acme")
            try await store.add(s3, audited: Self.entry("2"))
            let s3changed = Scene.subscription(s3.identity.id, "acme", revision: 2)
            _ = try await store.change(s3changed, audited: Self.entry("3"))
            let waiting = try await scene.deliver("a")
            try await store.retry(waiting, at: Scene.start, audited: Self.entry("4"))
            try await store.cancel(waiting, audited: Self.entry("5"))
            try await store.cancelWaiting(of: Scene.s1, .requested, audited: Self.entry("6"))
            let session = StoredSession(hash: [1], key: KeyID("key_1"), expires: Scene.start)
            try await store.add(session, at: Scene.start, audited: Self.entry("7"))
            try await store.delete(s3.identity.id, at: Scene.start, audited: Self.entry("8"))
            try await store.note([Self.entry("9"), Self.entry("10")])
            let kept = ["10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]
            #expect(try await Self.all(store) == kept)
            #expect(try await store.audit(AuditFilter(limit: 100)).last?.entry == written)

            let refused = Self.entry("refused")
            let actions: [() async throws -> Void] = [
                { _ = try await store.apply(Change(.add, .organization(Self.acme), audited: refused), events: nil) },
                { try await store.add(Scene.subscription(Scene.s1, "acme"), audited: refused) },
                { _ = try await store.change(s3changed, audited: refused) },
                { try await store.retry(waiting, at: Scene.start, audited: refused) },
                { try await store.cancel(waiting, audited: refused) },
                { try await store.delete(s3.identity.id, at: Scene.start, audited: refused) },
            ]
            for action in actions { await #expect(throws: StoreError.self) { try await action() } }
            #expect(try await Self.all(store) == kept)
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.entries == 10 && proof.links == 9 && proof.broken == nil && proof.hasKnown == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aLongQueueIsClearedWithOneEntry(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let entries = (0..<1500).map { number in
                Sample.entry(Sample.event("\(number)"), owed: [.init(Scene.s1, isBornLeased: false)])
            }
            _ = try await scene.store.append(entries, by: scene.me)
            let cleared = try await scene.store.cancelWaiting(of: Scene.s1, .requested, audited: Self.entry("1"))
            #expect(cleared == 1500)
            #expect(try await Self.all(scene.store) == ["1"])
        }
    }

    @Test(arguments: StoreOpener.all)
    func filterFindsItsEntriesNewestFirst(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let entries = [
                Self.entry("a", at: 1), Self.entry("n", of: "north", at: 2), Self.entry("above", of: nil, at: 3),
                Self.entry("b", at: 4),
            ]
            for (number, entry) in entries.enumerated() {
                let session = StoredSession(hash: [UInt8(number)], key: KeyID("k"), expires: Scene.start)
                try await store.add(session, at: Scene.start, audited: entry)
            }
            #expect(try await Self.all(store) == ["b", "above", "n", "a"])
            #expect(try await Self.all(store) { $0.organizations = [OrganizationID("acme")] } == ["b", "a"])
            #expect(try await Self.all(store) { $0.organizations = [] } == [])
            #expect(try await Self.all(store) { $0.since = entries[1].time } == ["b", "above", "n"])
            #expect(try await Self.all(store) { $0.until = entries[1].time } == ["a"])
            #expect(try await Self.all(store) { $0.limit = 2 } == ["b", "above"])
            let second = try await store.audit(AuditFilter(limit: 2))
            #expect(try await Self.all(store) { $0.before = second.last?.number } == ["n", "a"])
        }
    }

    @Test(arguments: StoreOpener.all)
    func chainMatchesItsDescription(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.proveAudit(knowing: [1]).hasKnown == false)
            #expect(try await scene.store.proveAudit(knowing: nil).head == nil)
            var chain = AuditChain()
            for number in 1...3 {
                let session = StoredSession(hash: [UInt8(number)], key: KeyID("k"), expires: Scene.start)
                let entry = Self.entry("\(number)")
                try await scene.store.add(session, at: Scene.start, audited: entry)
                chain.take(number: Int64(number), entry.stored)
                let link = chain.close()
                let proof = try await scene.store.proveAudit(knowing: link)
                #expect(proof.head == link && proof.hasKnown == true && proof.broken == nil)
            }
        }
    }
}
