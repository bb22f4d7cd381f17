import Foundation
import GRDB
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseStores

/// An audit that was emptied, cut or rewritten by a person who can write the whole file: what the rest of the store
/// proves against it, and what a head proves that was kept in another place.
@Suite struct AuditReplacementTests {
    private static let acme = OrganizationID("acme")
    private static let year = Retention().audit
    private static let now = Scene.start + .seconds(3600)

    /// Each resource that must have an entry, with the line of its creation.
    private static let things: [Change.Subject] = {
        let panel = Panel(id: PanelID("p"), organization: acme, name: "P", number: 1)
        let key = Key(
            id: KeyID("key_1"), name: "K", role: .admin, organization: acme, hash: [1], created: Scene.start)
        let trigger = Trigger(
            id: TriggerID("t"), name: "T", organization: acme, hash: [2], created: Scene.start)
        return [
            .organization(Organization(id: acme, name: "Acme", parent: nil)), .panel(panel),
            .door(Door(id: DoorID("d"), panel: panel, number: 1, name: "D")), .key(key), .trigger(trigger),
        ]
    }()

    private static func line(_ sort: AuditEntry.Sort, _ id: String, _ action: AuditEntry.Action = .add) -> AuditEntry {
        AuditEntry(action, sort, id, of: acme, by: AuditEntry.Actor(key: "key_1"), at: Scene.start)
    }

    private static func line(about subject: Change.Subject) -> AuditEntry? {
        switch subject {
        case .organization(let organization): line(.organization, organization.id.text)
        case .panel(let panel): line(.panel, panel.id.text)
        case .door(let door): line(.door, door.id.text)
        case .key(let key): line(.key, key.id.text)
        case .trigger(let trigger): line(.trigger, trigger.id.text)
        case .subscription(let subscription): line(.subscription, subscription.identity.id.text)
        case .command, .integration, .tokenKey: nil
        }
    }

    /// A store with one resource of each sort, seven entries, each in a commit of its own.
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        for subject in Self.things {
            _ = try await store.apply(Change(.add, subject, audited: Self.line(about: subject)), events: nil)
        }
        let subscription = Scene.subscription(SubscriptionID("s"), "acme")
        try await store.add(subscription, audited: Self.line(.subscription, "s"))
        try await store.note([Self.line(.door, "d", .change)])
        try await body(store)
        await store.close()
    }

    /// The actions of the file's attacker, and whether the numbers of the entries begin again.
    private static let actions: [(name: String, sql: String)] = [
        ("emptied", "DELETE FROM audit; DELETE FROM auditLinks;"),
        ("emptied with its sequence", "DELETE FROM audit; DELETE FROM auditLinks; DELETE FROM sqlite_sequence;"),
        (
            "emptied with its sequence and its end",
            "DELETE FROM audit; DELETE FROM auditLinks; DELETE FROM sqlite_sequence; "
                + "UPDATE auditEnd SET number = 0, hash = zeroblob(32);"
        ),
        (
            "emptied, and the end is gone",
            "DELETE FROM audit; DELETE FROM auditLinks; DELETE FROM sqlite_sequence; DELETE FROM auditEnd;"
        ),
        (
            "cut at its front, with the mark of what was pruned",
            "DELETE FROM audit WHERE number <= 6; DELETE FROM auditLinks WHERE last < 6; "
                + "UPDATE marks SET number = 6 WHERE name = 'audit';"
        ),
        ("cut at its end", "DELETE FROM audit WHERE number > 3; DELETE FROM auditLinks WHERE last > 3;"),
        (
            "cut at its end, with its sequence and its end",
            "DELETE FROM audit WHERE number > 3; DELETE FROM auditLinks WHERE last > 3; "
                + "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'; "
                + "UPDATE auditEnd SET number = 3, hash = (SELECT hash FROM auditLinks WHERE last = 3);"
        ),
    ]

    @Test func completeAuditIsIntact() async throws {
        try await withStore { store in
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.isIntact && proof.entries == 7 && proof.untold.isEmpty)
            #expect(proof.warnings(keeping: Self.year, at: Self.now).isEmpty)
        }
    }

    @Test(arguments: actions.indices)
    func removedEntryIsFound(place: Int) async throws {
        try await withStore { store in
            let head = try #require(try await store.proveAudit(knowing: nil).head)
            try await store.write(.applyChange) { try $0.execute(sql: Self.actions[place].sql) }
            let proof = try await store.proveAudit(knowing: nil)
            let warnings = proof.warnings(keeping: Self.year, at: Self.now)
            #expect(!proof.isIntact || !warnings.isEmpty, "\(Self.actions[place].name)")
            #expect(
                try await store.proveAudit(knowing: head).hasKnown != true || place == 4, "the head is still a link")
            // Later entries hide nothing.
            try await store.note([Self.line(.door, "d", .change)])
            let later = try await store.proveAudit(knowing: nil)
            #expect(!later.isIntact || !later.warnings(keeping: Self.year, at: Self.now).isEmpty)
        }
    }

    /// Rewrites everything, so that the whole file is consistent: nothing in it can prove the change.
    private func writeAnew(_ entries: [AuditEntry], in store: SQLiteStore) async throws {
        try await store.write(.applyChange) { database in
            try database.execute(
                sql: """
                    DELETE FROM audit; DELETE FROM auditLinks; DELETE FROM sqlite_sequence;
                    UPDATE auditEnd SET number = 0, hash = zeroblob(32);
                    """)
        }
        try await store.note(entries)
    }

    @Test func headKeptElsewhereProvesARewrittenAudit() async throws {
        try await withStore { store in
            let head = try #require(try await store.proveAudit(knowing: nil).head)
            #expect(try await store.proveAudit(knowing: head).hasKnown == true)
            let forged = Self.things.compactMap { Self.line(about: $0) } + [Self.line(.subscription, "s")]
            try await writeAnew(forged, in: store)
            let proof = try await store.proveAudit(knowing: head)
            #expect(proof.isIntact && proof.warnings(keeping: Self.year, at: Self.now).isEmpty, "everything agrees")
            #expect(proof.hasKnown == false, "except for the head")
        }
    }

    @Test func eachSortOfResourceMustHaveItsEntry() async throws {
        for left in 0...Self.things.count {
            try await withStore { store in
                var forged = Self.things.compactMap { Self.line(about: $0) } + [Self.line(.subscription, "s")]
                let gone = forged.remove(at: left)
                try await writeAnew(forged, in: store)
                let proof = try await store.proveAudit(knowing: nil)
                #expect(proof.untold.count == 1 && proof.untold.first?.hasPrefix("\(gone.sort) \(gone.id)") == true)
                let warnings = proof.warnings(keeping: Self.year, at: Self.now)
                #expect(
                    warnings.count == 1 && warnings[0].hasPrefix("one thing exists though no entry says who made it"))
            }
        }
    }

    @Test func rewrittenChainWithoutTheSecondPlaceIsFound() async throws {
        try await withStore { store in
            let end = try await store.read(.readDirectory) { try AuditEnd(in: $0) }
            let forged = Self.things.compactMap { Self.line(about: $0) } + [Self.line(.subscription, "s")]
            try await writeAnew(forged + [Self.line(.door, "d", .remove)], in: store)
            try await store.write(.applyChange) { try end?.keep(in: $0) }
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.broken == nil && !proof.isIntact)
            #expect(
                proof.warnings(keeping: Self.year, at: Self.now) == [
                    "the last link is not the one that the gateway wrote last: the chain was written anew"
                ])
        }
    }

    /// A resource that is older than the retention of the audit has no entry any more, and needs none.
    @Test func resourceOfAPrunedEntryIsExempt() async throws {
        try await withStore { store in
            let before = Scene.start + .seconds(60)
            var order = PruneOrder(.audit, before: before, deadBefore: before, limit: 100)
            order.time = Self.now
            #expect(try await store.prune(order).taken == [.audit: 7])
            let proof = try await store.proveAudit(knowing: nil)
            #expect(proof.isIntact && proof.untold.isEmpty && proof.entries == 1)
            #expect(proof.warnings(keeping: .seconds(3500), at: Self.now).isEmpty)
            // A later resource has no such exemption.
            let late = Change(.add, .organization(Organization(id: OrganizationID("late"), name: "L", parent: nil)))
            _ = try await store.apply(late, events: nil)
            #expect(try await store.proveAudit(knowing: nil).untold == ["organization late"])
        }
    }

    /// Resources of an older store, some with entries and some without.
    @Test func upgradeExemptsResourcesWithoutEntry() throws {
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue, upTo: "0017 integrations")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO organizations (id, name, parent, timeZone) VALUES ('old', '', NULL, 'UTC');
                    INSERT INTO organizations (id, name, parent, timeZone) VALUES ('acme', '', NULL, 'UTC');
                    INSERT INTO panels (organization, id, name) VALUES ('acme', 'p', ''), ('old', 'p', '');
                    INSERT INTO auditLinks (last, hash) VALUES (2, x'07');
                    INSERT INTO audit (time, organization, body) VALUES (0, NULL, x'00');
                    """)
            for entry in [Self.line(.organization, "acme"), Self.line(.panel, "p")] {
                try database.execute(
                    sql: "INSERT INTO audit (time, organization, body) VALUES (0, 'acme', ?)",
                    arguments: [Data(entry.stored)])
            }
        }
        try SQLiteSchema.migrator.migrate(queue)
        let (exempt, end) = try queue.read { database in
            (
                try String.fetchAll(database, sql: "SELECT sort || ' ' || organization || ' ' || id FROM auditExempt"),
                try AuditEnd(in: database)
            )
        }
        #expect(exempt == ["organization  old", "panel old p"])
        #expect(end?.number == 2 && end?.link == [7])
    }

    /// Tallies are written after later events.
    @Test func timesAreThoseOfTheEarliestAndLatestEntry() async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        for second in [50, 90, 10, 70] { try await store.note([AuditConformanceTests.entry("d", at: second)]) }
        let proof = try await store.proveAudit(knowing: nil)
        let (earliest, latest) = (AuditConformanceTests.entry("d", at: 10), AuditConformanceTests.entry("d", at: 90))
        #expect(proof.from == AuditProof.Place(1, earliest.time) && proof.to == AuditProof.Place(4, latest.time))
        await store.close()
    }
}
