import GatehouseCore
import GatehouseTesting
import Synchronization
import Testing

@testable import GatehouseStores

/// Every operation passes the gate by its name, and the gate decides about it.
@Suite struct StoreGateTests {
    /// Records the operations, and lets them pass.
    private final class NotingGate: StoreGate {
        private let noted = Mutex<[StoreOperation]>([])
        private let delay: Duration?

        init(commitDelay: Duration? = nil) { delay = commitDelay }

        func pass<Answer: Sendable>(
            _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
        ) async throws(StoreError) -> Answer {
            noted.withLock { $0.append(operation) }
            return try await work()
        }

        func commitDelay(after operation: StoreOperation) -> Duration? { operation == .append ? delay : nil }

        /// The operations since the last call.
        func take() -> [StoreOperation] {
            noted.withLock { noted in
                defer { noted = [] }
                return noted
            }
        }
    }

    private static let organization = Organization(id: OrganizationID("new"), name: "New", parent: nil)

    private static let integration = Integration(
        Integration.Name(OrganizationID("acme"), DialectName("d")), id: "i", secret: Secret("one"))

    private static let tokenKey = TokenKey(id: TokenKeyID("k"), privateKey: Secret("none"), created: Scene.start)

    /// Calls of each protocol of a store, with their operations.
    private static let calls: [(wanted: [StoreOperation], call: @Sendable (Scene) async throws -> Void)] = [
        ([.append], { _ = try await $0.deliver("a") }),
        ([.claimDue], { _ = try await $0.claim() }),
        ([.listDeliveries], { _ = try await $0.all() }),
        ([.readDue], { _ = try await $0.store.due() }),
        ([.readDirectory], { _ = try await $0.store.directory() }),
        ([.readKeys], { _ = try await $0.store.keys() }),
        ([.applyChange], { try await $0.store.apply(.add, .organization(Self.organization)) }),
        ([.readSubscriptions], { _ = try await $0.store.subscriptions() }),
        ([.addSubscription], { try await $0.store.add(Scene.subscription(SubscriptionID("s3"), "acme")) }),
        ([.changeSubscription], { try await $0.store.change(Scene.subscription(Scene.s1, "acme", revision: 2)) }),
        ([.deleteSubscription], { try await $0.store.delete(Scene.s2, at: Scene.start) }),
        (
            [.addIntegration],
            { try await $0.store.add(Scene.subscription(SubscriptionID("s4"), "acme"), as: .founding(integration)) }
        ),
        (
            [.rotateSecrets],
            { try await $0.store.rotate(integration.rotated(to: Secret("two"), outgoing: nil), changing: []) }
        ),
        ([.readBacklog], { _ = try await $0.store.backlog() }),
        ([.checkReady], { _ = await $0.store.isReady() }),
        ([.beat], { try await $0.store.beat($0.me, at: Scene.start) }),
        ([.readTokenKeys], { _ = try await $0.store.tokenKeys() }),
        ([.addTokenKey], { try await $0.store.apply(.add, .tokenKey(tokenKey)) }),
        ([.readIntegrations], { _ = try await $0.store.integrations() }),
        ([.readRunningReplays], { _ = try await $0.store.runningReplays() }),
        (
            [.prune],
            {
                _ = try await $0.store.prune(
                    PruneOrder(.sessions, before: Scene.start, deadBefore: Scene.start, limit: 9))
            }
        ),
    ]

    @Test(arguments: StoreOpener.all) func eachCallPassesByItsName(_ opener: StoreOpener) async throws {
        try await withFolder { folder in
            let gate = NotingGate()
            let store = try await opener.open(folder, gate, nil)
            let scene = try await Scene(setUpIn: store)
            _ = gate.take()
            for (wanted, call) in Self.calls {
                try await call(scene)
                #expect(gate.take() == wanted)
            }
            await store.close()
        }
    }

    @Test(arguments: StoreOpener.all) func gateMayFailOrDelayAnOperation(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for moment in FaultGate.Moment.allCases {
                scene.gate.fail(call: 1, moment, of: [.append])
                _ = try await scene.claim()
                await #expect(throws: StoreError.self) { try await scene.deliver("a") }
                scene.gate.rest()
                #expect(try await scene.all().count == (moment == .before ? 0 : 1), "\(moment)")
            }
            let came = Mutex(false)
            scene.gate.hold(.readDue) { came.withLock { $0 = true } }
            _ = try await scene.store.due()
            #expect(came.withLock { $0 })
        }
    }

    /// The fault that a crash test must detect is possible: the caller has its answer before any reader sees the event.
    @Test func gateMayAnswerTheCallerBeforeTheCommit() async throws {
        try await withFolder { folder in
            let gate = NotingGate(commitDelay: .milliseconds(500))
            let store = try await StoreOpener.all[0].open(folder, gate, nil)
            let scene = try await Scene(setUpIn: store)
            let id = try await scene.deliver("a")
            #expect(try await scene.all().isEmpty, "answered, and not committed")
            while try await scene.all().isEmpty { await Task.yield() }
            #expect(try await scene.all().map(\.id) == [id])
            await store.close()
        }
    }

    /// A file with a damaged page may accept the small write of a probe, and still refuse every event.
    @Test(arguments: StoreOpener.all)
    func aStoreThatCannotWriteEventsIsNotReady(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(await scene.store.isReady())
            for (error, isReady) in [
                (StoreError.corrupt("a page is damaged"), false), (.overloaded, false), (nil, true),
                (.unavailable("the disk is full"), true),
            ] as [(StoreError?, Bool)] {
                scene.gate.refuse(.append, with: error)
                _ = try? await scene.deliver("\(isReady)")
                #expect(await scene.store.isReady() == isReady, "\(String(describing: error))")
            }
        }
    }
}
