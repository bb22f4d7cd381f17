import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``HistoryStore`` about alarms that a subscription asked for and could not get, tested with every
/// store.
@Suite struct UntoldConformanceTests {
    private static let day = UntoldAlarms.memory

    private static func alarm(
        _ id: String, _ kind: Kind = .doorForced, _ lacking: [String] = ["door_id"], at seconds: Int64 = 0,
        to subscription: SubscriptionID = Scene.s1
    ) -> Entry {
        let at = Scene.start + .seconds(seconds)
        var entry = Sample.entry(Sample.event(id, kind: kind, received: at))
        entry.untold = [UntoldAlarm(to: subscription, kind, lacking: lacking, at: at)]
        return entry
    }

    private func untold(
        in scene: Scene, at seconds: Int64 = 0, of id: SubscriptionID = Scene.s1
    ) async throws -> [UntoldAlarms] {
        try await scene.store.untold(since: Scene.start + .seconds(seconds) - Self.day)[id] ?? []
    }

    @Test(arguments: StoreOpener.all)
    func alarmsAreStoredWithTheirEventByKind(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.untold(since: Scene.start - Self.day).isEmpty)
            let batch = [
                Self.alarm("a"), Self.alarm("a"), Self.alarm("b", at: 60), Self.alarm("c", .panicRaised, at: 7_200),
                Self.alarm("d", .doorForced, ["panelId", "body.doorId"], at: 9_000), Self.alarm("e", to: Scene.s2),
            ]
            _ = try await scene.store.append(batch, by: scene.me)
            _ = try await scene.store.append(batch, by: scene.me)
            #expect(
                try await untold(in: scene) == [
                    UntoldAlarms(
                        .doorForced, lacking: ["panelId", "body.doorId"], first: Scene.start,
                        last: Scene.start + .seconds(9_000), count: 3),
                    UntoldAlarms(
                        .panicRaised, lacking: ["door_id"], first: Scene.start + .seconds(7_200),
                        last: Scene.start + .seconds(7_200), count: 1),
                ])
            #expect(try await untold(in: scene, of: Scene.s2).map(\.count) == [1])
        }
    }

    /// A refused append leaves nothing, and the reason of another gateway's cancelled delivery is stored with its
    /// result.
    @Test(arguments: StoreOpener.all)
    func alarmsAreStoredWithTheResultOfADelivery(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let refused = [Self.alarm("x"), Sample.entry(Sample.event("y"), content: "1"), Self.alarm("z")]
            _ = try await scene.store.append([Sample.entry(Sample.event("y"), content: "2")], by: scene.me)
            await #expect(throws: StoreError.self) { _ = try await scene.store.append(refused, by: scene.me) }
            #expect(try await untold(in: scene).isEmpty)
            let id = try await scene.deliver("a", kind: .doorForced, leased: true)
            var result = Settlement(delivery: id, next: .cancelled(.noLongerOwed), attempt: nil)
            result.untold = UntoldAlarm(to: Scene.s1, .doorForced, lacking: ["panelId"], at: Scene.start)
            try await scene.store.record([result, result], by: scene.me)
            try await scene.store.record([result], by: scene.me)
            #expect(try await untold(in: scene).map(\.count) == [1], "once, because the delivery is cancelled once")
        }
    }

    @Test(arguments: StoreOpener.all)
    func alarmsAreForgottenADayAfterTheLast(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for hour in 0..<30 {
                _ = try await scene.store.append([Self.alarm("\(hour)", at: Int64(hour) * 3600)], by: scene.me)
            }
            let last: Int64 = 29 * 3600
            #expect(try await untold(in: scene, at: last).map(\.count) == [25], "those of the last 24 hours")
            #expect(try await untold(in: scene, at: last + 23 * 3600).map(\.count) == [2])
            #expect(try await untold(in: scene, at: last + 24 * 3600).map(\.count) == [1])
            #expect(try await untold(in: scene, at: last + 24 * 3600 + 1).isEmpty)
            #expect(try await untold(in: scene).map(\.count) == [25], "only counted alarms are stored")
        }
    }

    @Test(arguments: StoreOpener.all)
    func changedTermsAndADeletionForgetAlarms(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await scene.store.append([Self.alarm("a"), Self.alarm("b", to: Scene.s2)], by: scene.me)
            let held = StoredSubscription(
                identity: Scene.subscription(Scene.s1, "acme").identity, terms: Array("{}".utf8), hold: .disabled,
                revision: 2)
            _ = try await scene.store.change(held)
            #expect(try await untold(in: scene).count == 1, "a hold changes nothing about the terms")
            let other = Scene.subscription(Scene.s1, "acme", revision: 3, terms: #"{"kinds":["door.*"]}"#)
            _ = try await scene.store.change(other)
            #expect(try await untold(in: scene).isEmpty)
            try await scene.store.delete(Scene.s2, at: Scene.start)
            #expect(try await untold(in: scene, of: Scene.s2).isEmpty)
            _ = try await scene.store.append([Self.alarm("late", to: Scene.s2)], by: scene.me)
            #expect(try await untold(in: scene, of: Scene.s2).isEmpty)
        }
    }
}
