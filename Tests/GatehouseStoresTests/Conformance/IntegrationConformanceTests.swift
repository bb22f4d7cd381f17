import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``SubscriptionStore`` about integrations, tested with every store: one record for each organization
/// and contract, created once, joined unchanged, rotated with all its subscriptions or not at all.
@Suite struct IntegrationConformanceTests {
    private static let name = Integration.Name(OrganizationID("acme"), DialectName("d"))

    private func integration(
        _ secret: String, revision: Int64 = 1, outgoing: Terms.Outgoing? = nil, id: String? = "the id"
    ) -> Integration {
        Integration(Self.name, id: id, secret: Secret(secret), outgoing: outgoing, revision: revision)
    }

    private func subscription(_ id: String, _ integration: Integration, number: Int64 = 0) -> StoredSubscription {
        Scene.subscription(
            SubscriptionID(id), Self.name.organization.text, terms: integration.secret.revealed, number: number,
            integration: integration.id)
    }

    @Test(arguments: StoreOpener.all)
    func integrationIsReadBackWithItsSubscription(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let outgoing = Terms.Outgoing(secret: Secret("old"), until: Scene.start + .seconds(60), isBeside: false)
            let founded = integration("one", outgoing: outgoing)
            let number = try await scene.store.add(subscription("a", founded), as: .founding(founded))
            #expect(try await scene.store.integrations() == [founded])
            #expect(try await scene.store.subscriptions().contains(subscription("a", founded, number: number)))
            let second = try await scene.store.add(subscription("b", founded), as: .joining(founded))
            #expect(second > number)
            #expect(try await scene.store.integrations() == [founded])
        }
    }

    @Test(arguments: StoreOpener.all)
    func secondFoundingIsRefusedAndWritesNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let (one, two) = (integration("one"), integration("two"))
            _ = try await scene.store.add(subscription("a", one), as: .founding(one))
            await ExpectedError.expectConflict {
                _ = try await scene.store.add(subscription("b", two), as: .founding(two))
            }
            for other in [two, integration("one", revision: 2), integration("one", id: "another")] {
                await ExpectedError.expectConflict {
                    _ = try await scene.store.add(subscription("b", other), as: .joining(other))
                }
            }
            #expect(try await scene.store.integrations() == [one])
            #expect(try await scene.store.subscriptions().allSatisfy { $0.identity.id.text != "b" })
        }
    }

    @Test(arguments: StoreOpener.all)
    func missingIntegrationCannotBeJoinedAndATakenIDCreatesNone(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let one = integration("one")
            await ExpectedError.expectConflict {
                _ = try await scene.store.add(subscription("a", one), as: .joining(one))
            }
            await ExpectedError.expectConflict {
                _ = try await scene.store.add(subscription(Scene.s1.text, one), as: .founding(one))
            }
            let founded = try await scene.store.integrations()
            #expect(founded.isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func onlyOneOfManyConcurrentFoundingsSucceeds(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let founded = await withTaskGroup(of: Integration?.self) { tasks in
                for number in 0..<20 {
                    tasks.addTask {
                        let own = integration("secret \(number)")
                        let answer = try? await scene.store.add(
                            subscription("s\(number)", own), as: .founding(own))
                        return answer == nil ? nil : own
                    }
                }
                return await tasks.reduce(into: [Integration]()) { all, one in all += one.map { [$0] } ?? [] }
            }
            let kept = try await scene.store.integrations()
            #expect(founded.count == 1 && kept == founded)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aRotationChangesAllOrNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let one = integration("one")
            for (id, membership) in [("a", Integration.Membership.founding(one)), ("b", .joining(one))] {
                _ = try await scene.store.add(subscription(id, one), as: membership)
            }
            let stored = try await scene.store.subscriptions().filter { ["a", "b"].contains($0.identity.id.text) }
            let two = one.rotated(to: Secret("two"), outgoing: nil)
            func next(_ present: StoredSubscription, revision: Int64 = 2) -> StoredSubscription {
                StoredSubscription(
                    identity: present.identity, terms: Array("two".utf8), hold: present.hold, revision: revision)
            }
            let stale = [next(stored[0]), next(stored[1], revision: 3)]
            await ExpectedError.expectConflict { try await scene.store.rotate(two, changing: stale) }
            #expect(try await scene.store.integrations() == [one])
            #expect(try await scene.store.subscriptions().filter { $0.revision == 1 }.count == 4)
            try await scene.store.rotate(two, changing: stored.map { next($0) })
            #expect(try await scene.store.integrations() == [two])
            let changed = try await scene.store.subscriptions().filter { $0.terms == Array("two".utf8) }
            #expect(changed.map(\.revision) == [2, 2])
            for action in [Change.Action.add, .remove] {
                await #expect(throws: StoreError.missing, "it has no life of its own") {
                    try await scene.store.apply(action, .integration(two, members: []))
                }
            }
            await ExpectedError.expectConflict { try await scene.store.rotate(two, changing: []) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func integrationOutlivesItsSubscriptionsAndIsRemovedWithItsOrganization(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let acme = Organization(id: Self.name.organization, name: "Acme", parent: nil)
            if try await scene.store.directory().organizations[acme.id] == nil {
                try await scene.store.apply(.add, .organization(acme))
            }
            try await scene.store.delete(Scene.s1, at: Scene.start)
            let one = integration("one", id: nil)
            _ = try await scene.store.add(subscription("a", one), as: .founding(one))
            try await scene.store.delete(SubscriptionID("a"), at: Scene.start)
            #expect(try await scene.store.integrations() == [one])
            try await scene.store.apply(.remove, .organization(acme))
            #expect(try await scene.store.integrations().isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func usedURLFoundsNoIntegration(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let one = integration("one")
            func subscription(_ id: String) -> StoredSubscription {
                var stored = Scene.subscription(
                    SubscriptionID(id), "acme", terms: #"{"dialect":"d","url":"https://a.example"}"#,
                    integration: one.id)
                stored.urlRule = .once
                return stored
            }
            _ = try await scene.store.add(subscription("a"))
            await #expect(throws: StoreError.urlTaken(by: SubscriptionID("a"))) {
                _ = try await scene.store.add(subscription("b"), as: .founding(one))
            }
            let founded = try await scene.store.integrations()
            #expect(founded.isEmpty)
        }
    }
}
